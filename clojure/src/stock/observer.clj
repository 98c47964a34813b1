(ns stock.observer
  "Collects what the server sees of one call and reports it at the call's end."
  (:require
   [clojure.string :as str]
   [stock.headers :as headers])
  (:import
   (com.google.protobuf ByteString)
   (io.grpc Context Deadline Grpc Metadata Metadata$Key ServerCall)
   (java.security.cert Certificate)
   (java.util Base64)
   (java.util.concurrent TimeUnit)
   (javax.net.ssl SSLPeerUnverifiedException SSLSession)))

(def ^:private ^Metadata$Key encoding (headers/text-key "grpc-encoding"))

(defn- peer-certificate [^SSLSession session]
  (try
    (let [^Certificate leaf (first (.getPeerCertificates session))
          body (.encodeToString (Base64/getMimeEncoder 64 (.getBytes "\n")) (.getEncoded leaf))]
      (ByteString/copyFromUtf8 (str "-----BEGIN CERTIFICATE-----\n" body "\n-----END CERTIFICATE-----\n")))
    ;; Offered none.
    (catch SSLPeerUnverifiedException _
      nil)))

(defn- beginning [^ServerCall call ^Metadata metadata]
  (let [^Deadline deadline (.getDeadline (Context/current))
        ^SSLSession session (.get (.getAttributes call) Grpc/TRANSPORT_ATTR_SSL_SESSION)]
    (cond-> {:metadata (headers/from-grpc metadata), :encoding (.get metadata encoding), :read 0, :sent 0}
      deadline (assoc :deadline-ns (.timeRemaining deadline TimeUnit/NANOSECONDS))
      session (assoc :tls-version (str/replace (.getProtocol session) "TLSv" "")
                     :peer (peer-certificate session)))))

(defn begin
  "An observer of a call that begins now; without a tag it reports nothing."
  [tag call metadata report]
  (when-not (= "" tag)
    {:tag tag, :report report, :seen (atom (beginning call metadata))}))

(defn read!
  "Counts a request."
  [{:keys [seen]}]
  (when seen
    (swap! seen update :read inc)))

(defn sent!
  "Counts a response."
  [{:keys [seen]}]
  (when seen
    (swap! seen update :sent inc)))

(defn ended!
  "Reports the call, and whether it ended by cancellation or by its deadline."
  [{:keys [tag report seen]} cancelled]
  (when seen
    (report tag (assoc @seen :cancelled cancelled))))
