(ns stock.pem
  "Reads PEM material strictly: what cannot be understood is an error, not passed over."
  (:require
   [clojure.string :as str])
  (:import
   (java.io ByteArrayInputStream IOException)
   (java.nio.charset StandardCharsets)
   (java.nio.file Files NoSuchFileException OpenOption Path)
   (java.security GeneralSecurityException KeyFactory PrivateKey Signature)
   (java.security.cert CertificateException CertificateFactory X509Certificate)
   (java.security.interfaces RSAKey)
   (java.security.spec PKCS8EncodedKeySpec)
   (java.util Base64)))

(def ^:private most-bytes
  "More than any chain needs: a device without an end must not be read for ever."
  (* 4 1024 1024))

(def ^:private block #"-----BEGIN ([A-Z0-9 ]+)-----\s*([^-]*)-----END \1-----")

(defn unusable
  "An error for files or PEM material that cannot be used; the reason is one line for a person."
  ([reason] (unusable reason nil))
  ([reason cause] (ex-info reason {:error :credentials} cause)))

(defn read-file
  "The content of a file that must have some."
  ^bytes [^Path file]
  (try
    (with-open [input (Files/newInputStream file (make-array OpenOption 0))]
      (let [content (.readNBytes input (int most-bytes))]
        (when (zero? (alength content))
          (throw (unusable (str file ": empty"))))
        content))
    (catch NoSuchFileException e
      (throw (unusable (str file ": no such file") e)))
    (catch IOException e
      (let [reason (or (ex-message e) (.getSimpleName (class e)))]
        (throw (unusable (if (str/starts-with? reason (str file))
                           (str reason ": cannot be read")
                           (str file ": " reason))
                         e))))))

(defn- blocks [^bytes pem]
  (re-seq block (String. pem StandardCharsets/ISO_8859_1)))

(defn- decode ^bytes [^String base64]
  (.decode (Base64/getMimeDecoder) base64))

(defn- certificate ^X509Certificate [base64]
  (.generateCertificate (CertificateFactory/getInstance "X.509") (ByteArrayInputStream. (decode base64))))

(defn certificates
  "The certificates of a PEM text, at least one; `what` names the text in an error."
  [pem what]
  (let [all (map-indexed (fn [i [_ _ base64]]
                           (try
                             (certificate base64)
                             (catch CertificateException e
                               (throw (unusable (str what ": PEM block " (inc (long i)) " is not a certificate") e)))
                             (catch IllegalArgumentException e
                               (throw (unusable (str what ": PEM block " (inc (long i)) " is not a certificate") e)))))
                         (blocks pem))]
    (when (empty? all)
      (throw (unusable (str what ": no PEM certificate"))))
    (vec all)))

(defn- key-of [^PKCS8EncodedKeySpec encoded ^String algorithm]
  (try
    (.generatePrivate (KeyFactory/getInstance algorithm) encoded)
    ;; A key of another algorithm.
    (catch GeneralSecurityException _
      nil)))

(defn- private-key ^PrivateKey [pem]
  (let [[_ label base64] (first (blocks pem))]
    (when-not (= "PRIVATE KEY" label)
      (throw (unusable "identity: the key is not a PEM PKCS#8 private key")))
    (let [encoded (try
                    (PKCS8EncodedKeySpec. (decode base64))
                    (catch IllegalArgumentException e
                      (throw (unusable "identity: the key does not decode" e))))]
      (or (some #(key-of encoded %) ["RSA" "EC" "EdDSA"])
          (throw (unusable "identity: the key is of no algorithm that is known"))))))

(defn- verifies? [^PrivateKey key ^X509Certificate leaf]
  (let [something (.toByteArray (.getSerialNumber leaf))
        algorithm ({"RSA" "SHA256withRSA", "EC" "SHA256withECDSA"} (.getAlgorithm key) (.getAlgorithm key))
        signature (Signature/getInstance algorithm)]
    (.initSign signature key)
    (.update signature something)
    (let [signed (.sign signature)]
      (.initVerify signature (.getPublicKey leaf))
      (.update signature something)
      (.verify signature signed))))

(defn- belongs? [key ^X509Certificate leaf]
  (let [certified (.getPublicKey leaf)]
    (if (and (instance? RSAKey key) (instance? RSAKey certified))
      ;; A signature of 4096 bits takes long.
      (= (.getModulus ^RSAKey key) (.getModulus ^RSAKey certified))
      (try
        (verifies? key leaf)
        ;; Keys of two algorithms, or of two curves.
        (catch GeneralSecurityException _
          false)))))

(defn parse-identity
  "Understands a PEM chain and a PEM PKCS#8 key that is not encrypted, and belongs to the leaf: `:chain`, `:key`."
  [chain-pem key-pem]
  (let [chain (certificates chain-pem "identity")
        key (private-key key-pem)]
    ;; Else some keys would start, and fail every handshake.
    (when-not (belongs? key (first chain))
      (throw (unusable "identity: the key does not belong to the certificate")))
    {:chain chain, :key key}))

(defn read-identity
  "Understands the identity in two files."
  [chain-file key-file]
  (parse-identity (read-file chain-file) (read-file key-file)))
