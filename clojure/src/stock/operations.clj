(ns stock.operations
  "The operations of stock_client."
  (:require
   [clojure.string :as str]
   [stock.calls :as calls]
   [stock.lines :as lines]
   [stock.messages :as messages]
   [stock.options.client :as client-options]
   [stock.options.words :as words]
   [stock.program :as program])
  (:import
   (com.google.protobuf ByteString)
   (java.io InputStream)))

(defn- all ^bytes [^InputStream input]
  (.readAllBytes input))

(defn- value ^ByteString [word input]
  (ByteString/copyFrom (if (= "-" word) (all input) (words/bytes-of word))))

(defn- printing-value [codec key]
  (fn [caller streams]
    (let [^ByteString value (:value (calls/unary caller codec {:key key}))]
      (program/write! streams (.toByteArray (.concat value (ByteString/copyFromUtf8 "\n")))))
    true))

(defn- printing-ok [codec request]
  (fn [caller streams]
    (calls/unary caller codec request)
    (program/print! streams "OK\n")
    true))

(defn- printing-each [codec requests line limit]
  (fn [caller streams]
    (let [{:keys [responses cancel!]} (calls/streaming caller codec requests)]
      (try
        (run! #(program/print! streams (line %)) (if (pos? (long limit)) (eduction (take limit) responses) responses))
        (finally
          (cancel!))))
    true))

(defn- item [word]
  (update (client-options/item word) :value #(ByteString/copyFrom ^bytes %)))

(defn- batch [arguments input]
  (let [lines #(remove str/blank? (str/split (String. (all input) "ISO-8859-1") #"\r\n|[\r\n]"))
        items (mapv item (if (seq arguments) arguments (lines)))]
    (fn [caller streams]
      (program/print! streams (lines/summary (calls/batch caller items)))
      true)))

(defn- health [service]
  (fn [caller streams]
    (let [{:keys [status]} (calls/unary caller messages/health {:service service})]
      (program/print! streams (str status "\n"))
      (= "SERVING" status))))

(defn prepare
  "Understands the arguments of an operation, reading those that standard input holds: a function of a caller and the
  streams that calls and prints, false for a server that does not serve."
  [{:keys [operation arguments] limit :count} input]
  (let [first-text (if (seq arguments) (words/text (first arguments)) "")
        put (fn [codec] (printing-ok codec {:key first-text, :value (value (second arguments) input)}))]
    (case operation
      :get (printing-value messages/get-value first-text)
      :kv-get (printing-value messages/kv-get first-text)
      :put (put messages/put-value)
      :kv-put (put messages/kv-put)
      :delete (printing-ok messages/delete-value {:key first-text})
      :monitor (let [prefix (cond-> first-text
                              (str/ends-with? first-text "*") (subs 0 (dec (count first-text))))]
                 (printing-each messages/monitor [{:key-prefix prefix}] lines/event limit))
      :batch (batch arguments input)
      :trade (printing-each messages/trade (mapv client-options/order arguments) lines/fill 0)
      :inventory (fn [caller streams]
                   (program/print! streams (lines/inventory (calls/unary caller messages/inventory {})))
                   true)
      :health (health first-text))))
