(ns stock.ephemeral
  "Mints an identity for localhost that lives as long as whoever holds it: a key of P-256 and a certificate that it
  has signed itself (RFC 5280, section 4.1). The JDK has no public way to make one."
  (:import
   (java.io ByteArrayInputStream ByteArrayOutputStream)
   (java.security KeyPair KeyPairGenerator Signature)
   (java.security.cert CertificateFactory)
   (java.time Duration Instant ZoneOffset)
   (java.time.format DateTimeFormatter)
   (java.util HexFormat Locale)))

;; Tags of DER; the last three are a certificate's own fields, and the DNS name among the kinds of names.
(def ^:private tags
  {:sequence 0x30
   :set 0x31
   :integer 0x02
   :bit-string 0x03
   :octet-string 0x04
   :utf8-string 0x0c
   :utc-time 0x17
   :version 0xa0
   :extensions 0xa3
   :dns-name 0x82})

(def ^:private ^DateTimeFormatter utc
  (.withZone (DateTimeFormatter/ofPattern "yyMMddHHmmss'Z'" Locale/ROOT) ZoneOffset/UTC))

(defn- hex ^bytes [^String digits]
  (.parseHex (HexFormat/of) digits))

(defn- ascii ^bytes [^String text]
  (.getBytes text "US-ASCII"))

(defn- der ^bytes [tag & contents]
  (let [content (ByteArrayOutputStream.)
        out (ByteArrayOutputStream.)]
    (doseq [each contents]
      (.writeBytes content ^bytes each))
    (let [length (.size content)]
      (.write out (int (tags tag)))
      (cond
        (>= length 0x100) (do (.write out 0x82) (.write out (bit-shift-right length 8)))
        (>= length 0x80) (.write out 0x81))
      (.write out (bit-and length 0xff))
      (.writeBytes out (.toByteArray content)))
    (.toByteArray out)))

(defn- utc-time [hours]
  (der :utc-time (ascii (.format utc (.plus (Instant/now) (Duration/ofHours (long hours)))))))

(defn- body [algorithm ^bytes public-key]
  (let [localhost (ascii "localhost")
        common-name (hex "0603550403")
        alternative-names (hex "0603551d11")
        name (der :sequence (der :set (der :sequence common-name (der :utf8-string localhost))))
        names (der :octet-string (der :sequence (der :dns-name localhost)))]
    (der :sequence
         (der :version (der :integer (byte-array [2])))
         (der :integer (byte-array [1]))
         algorithm
         name
         (der :sequence (utc-time -1) (utc-time 24))
         name
         public-key
         (der :extensions (der :sequence (der :sequence alternative-names names))))))

(defn mint
  "Mints one."
  []
  (let [generator (doto (KeyPairGenerator/getInstance "EC") (.initialize 256))
        ^KeyPair pair (.generateKeyPair generator)
        ecdsa-with-sha256 (der :sequence (hex "06082a8648ce3d040302"))
        ^bytes body (body ecdsa-with-sha256 (.getEncoded (.getPublic pair)))
        signature (doto (Signature/getInstance "SHA256withECDSA")
                    (.initSign (.getPrivate pair))
                    (.update body))
        certificate (der :sequence body ecdsa-with-sha256 (der :bit-string (byte-array [0]) (.sign signature)))]
    {:chain [(.generateCertificate (CertificateFactory/getInstance "X.509") (ByteArrayInputStream. certificate))]
     :key (.getPrivate pair)}))
