(ns stock.headers
  "Metadata: gRPC's form, and entries `[name value]` whose values are bytes."
  (:require
   [clojure.string :as str])
  (:import
   (com.google.protobuf ByteString)
   (io.grpc Metadata Metadata$Key)
   (java.nio.charset StandardCharsets)))

(def ^Metadata$Key details
  "Carries a serialized google.rpc.Status."
  (Metadata$Key/of "grpc-status-details-bin" Metadata/BINARY_BYTE_MARSHALLER))

(defn- binary? [name]
  (str/ends-with? name Metadata/BINARY_HEADER_SUFFIX))

(defn text-key
  "The key of a name whose values are text."
  ^Metadata$Key [^String name]
  (Metadata$Key/of name Metadata/ASCII_STRING_MARSHALLER))

(defn binary-key
  "The key of a name whose values are bytes."
  ^Metadata$Key [^String name]
  (Metadata$Key/of name Metadata/BINARY_BYTE_MARSHALLER))

(defn- reserved?
  "Whether HTTP/2 or gRPC keep a name to themselves."
  [name]
  (or (str/starts-with? name ":")
      (str/starts-with? name "grpc-")
      (contains? #{"content-type" "te"} name)))

(defn from-grpc
  "The entries that belong to the application; values of a name keep their order."
  [^Metadata metadata]
  (vec (for [^String name (sort (.keys metadata))
             :when (not (reserved? name))
             value (if (binary? name)
                     (map #(ByteString/copyFrom ^bytes %) (.getAll metadata (binary-key name)))
                     (map #(ByteString/copyFromUtf8 ^String %) (.getAll metadata (text-key name))))]
         [name value])))

(defn to-grpc
  "Metadata as gRPC takes it; IllegalArgumentException for a name that it does not take."
  ^Metadata [entries]
  (let [metadata (Metadata.)]
    (doseq [[^String name ^ByteString value] entries]
      (if (binary? name)
        (.put metadata (binary-key name) (.toByteArray value))
        (.put metadata (text-key name) (.toString value StandardCharsets/ISO_8859_1))))
    metadata))
