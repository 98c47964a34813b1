(ns stock.directive-test
  (:require
   [clojure.test :refer [deftest is]]
   [stock.calls :as calls]
   [stock.directive :as directive]
   [stock.headers :as headers]
   [stock.messages :as messages]
   [stock.store :as store]
   [stock.testing :as testing])
  (:import
   (com.google.protobuf ByteString)
   (io.grpc Channel ClientInterceptor ClientInterceptors Metadata StatusRuntimeException)
   (io.grpc.stub MetadataUtils)
   (tofusoup.stock.session Directive Directive$Builder Fail Header)))

(defn- carrying
  "A caller whose calls carry bytes as their directive."
  [caller ^bytes encoded]
  (let [metadata (doto (Metadata.) (.put directive/metadata-key encoded))
        ^ClientInterceptor attaching (MetadataUtils/newAttachHeadersInterceptor metadata)]
    (update caller :channel #(ClientInterceptors/intercept ^Channel % ^java.util.List (list attaching)))))

(defn- directed [caller ^Directive$Builder builder]
  (carrying caller (.toByteArray (.build builder))))

(defn- failure [work]
  (try
    (work)
    :answered
    (catch StatusRuntimeException e
      {:code (str (.getCode (.getStatus e)))
       :message (.getDescription (.getStatus e))
       :trailers (.getTrailers e)})))

(defn- fail [code after]
  (.. (Fail/newBuilder) (setCode code) (setMessage "as told") (setAfter after) build))

(defn- inventory [caller]
  (calls/unary caller messages/inventory {}))

(deftest a-store-of-its-own
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller stores]}]
      (let [named (directed caller (.setStore (Directive/newBuilder) "named"))]
        (calls/unary named messages/put-value {:key "k", :value ByteString/EMPTY})
        (is (= [0 1] (map #(:items (store/totals (store/named stores %))) ["" "named"])))))))

(deftest what-is-no-directive-is-refused
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller]}]
      (doseq [encoded [(byte-array [0xff]) (.toByteArray (.build (.setFail (Directive/newBuilder) ^Fail (fail 17 0))))]]
        (let [{:keys [code message]} (failure #(inventory (carrying caller encoded)))]
          (is (= ["INVALID_ARGUMENT" "bad directive"] [code message])))))))

(deftest a-call-fails-as-told
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller]}]
      (let [trailer (.. (Header/newBuilder) (setName "x-after") (setValue (ByteString/copyFromUtf8 "v")) build)
            told (doto (Directive/newBuilder)
                   (.setFail ^Fail (fail 10 0)))
            _ (.addEntries (.getTrailersBuilder told) ^Header trailer)
            {:keys [code message ^Metadata trailers]} (failure #(inventory (directed caller told)))]
        (is (= ["ABORTED" "as told"] [code message]))
        (is (= "v" (.get trailers (headers/text-key "x-after"))))))))

(deftest a-trade-fails-after-its-responses
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller]}]
      (let [told (.setFail (Directive/newBuilder) ^Fail (fail 9 2))
            orders (repeat 5 {:type :buy, :symbol "s", :quantity 1})
            {:keys [responses]} (calls/streaming (directed caller told) messages/trade orders)
            seen (atom [])
            {:keys [code]} (failure #(run! (fn [fill] (swap! seen conj fill)) responses))]
        (is (= ["FAILED_PRECONDITION" 2] [code (count @seen)]))))))

(deftest a-batch-fails-after-its-requests
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller stores]}]
      (let [told (.setFail (Directive/newBuilder) ^Fail (fail 9 2))
            items (for [i (range 5)] {:key (str i), :value ByteString/EMPTY})]
        (is (= "FAILED_PRECONDITION" (:code (failure #(calls/batch (directed caller told) items)))))
        (is (= 2 (:items (store/totals (store/named stores "")))))))))

(deftest a-handler-throws
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller]}]
      (let [{:keys [code message]} (failure #(inventory (directed caller (.setThrow (Directive/newBuilder) true))))]
        (is (= ["UNKNOWN" "handler failed"] [code message])))
      (is (map? (inventory caller))))))

(deftest calls-with-a-tag-are-reported
  (testing/with-peers
    "mtls"
    (fn [{:keys [caller observed]}]
      (inventory (directed caller (doto (Directive/newBuilder) (.setTag "tag") (.setCompress true))))
      (is (testing/eventually observed seq))
      (let [[tag {:keys [read sent cancelled deadline-ns tls-version peer metadata]}] (first @observed)]
        (is (= ["tag" 1 1 false "1.3"] [tag read sent cancelled tls-version]))
        (is (< 0 deadline-ns 60000000000))
        (is (.startsWith (.toStringUtf8 ^ByteString peer) "-----BEGIN CERTIFICATE-----\n"))
        (is (some #(= "stock-directive-bin" (first %)) metadata))))))
