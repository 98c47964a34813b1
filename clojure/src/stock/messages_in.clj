(ns stock.messages-in
  "Requests as they come in: their bytes, before they are decoded, held to the limit and decompressed."
  (:import
   (io.grpc Decompressor Status)
   (java.io IOException InputStream)
   (java.util.zip GZIPInputStream)))

(defn limited
  "A request's bytes, of which there may be so many: more are RESOURCE_EXHAUSTED."
  ^InputStream [^InputStream message limit]
  (let [left (volatile! (long limit))
        counted (fn [^long bytes]
                  (when (neg? (long (vswap! left - (max 0 bytes))))
                    (throw (.asRuntimeException (.withDescription Status/RESOURCE_EXHAUSTED
                                                                  (str "gRPC message exceeds maximum size " limit)))))
                  (int bytes))]
    (proxy [InputStream] []
      (read
        ([] (let [byte (.read message)]
              (counted (if (neg? byte) 0 1))
              byte))
        ([^bytes into] (counted (.read message into)))
        ([^bytes into offset length] (counted (.read message into (int offset) (int length)))))
      (available [] (.available message))
      (close [] (.close message)))))

(defn- unreadable [^IOException cause]
  (-> Status/INTERNAL
      (.withDescription "the request does not decompress")
      (.withCause cause)
      .asRuntimeException))

(defn- decompressed
  "What a message in gzip holds. Its header is read with its first byte: that is the handler's side."
  [^InputStream compressed]
  (let [opened (volatile! nil)
        open (fn ^InputStream [] (or @opened (vreset! opened (GZIPInputStream. compressed))))]
    (proxy [InputStream] []
      (read
        ([] (try (.read ^InputStream (open)) (catch IOException e (throw (unreadable e)))))
        ([^bytes into]
         (try (.read ^InputStream (open) into) (catch IOException e (throw (unreadable e)))))
        ([^bytes into offset length]
         (try
           (.read ^InputStream (open) into (int offset) (int length))
           (catch IOException e (throw (unreadable e))))))
      (close [] (.close compressed)))))

(def ^Decompressor gzip
  "Reads requests in gzip, and says INTERNAL of what is none: the library's own throws where no interceptor can tell
  it from a fault of the handler, or of the library."
  (reify Decompressor
    (getMessageEncoding [_] "gzip")
    (decompress [_ compressed] (decompressed compressed))))
