(ns stock.service-test
  (:require
   [clojure.test :refer [deftest is]]
   [stock.calls :as calls]
   [stock.guard :as guard]
   [stock.messages :as messages]
   [stock.store :as store]
   [stock.testing :as testing])
  (:import
   (com.google.protobuf ByteString)
   (io.grpc StatusRuntimeException)))

(defn- value [text]
  (ByteString/copyFromUtf8 text))

(defn- status [work]
  (try
    (work)
    :answered
    (catch StatusRuntimeException e
      [(str (.getCode (.getStatus e))) (.getDescription (.getStatus e))])))

(deftest unary-calls-over-one-store
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller]}]
      (calls/unary caller messages/put-value {:key "k", :value (value "v")})
      (is (= {:value (value "v")} (calls/unary caller messages/kv-get {:key "k"})))
      (calls/unary caller messages/kv-put {:key "k", :value (value "new")})
      (is (= {:value (value "new")} (calls/unary caller messages/get-value {:key "k"})))
      (let [{:keys [items bytes metadata]} (calls/unary caller messages/inventory {})]
        (is (= [1 3] [items bytes]))
        (is (= ["clojure" "plaintext"] (map metadata ["language" "security"]))))
      (calls/unary caller messages/delete-value {:key "k"})
      (is (= ["NOT_FOUND" "key not found: k"] (status #(calls/unary caller messages/get-value {:key "k"}))))
      (is (= ["INVALID_ARGUMENT" "invalid key: 1 to 1024 bytes of UTF-8 without NUL"]
             (status #(calls/unary caller messages/kv-get {:key ""}))))
      (is (= {:status "SERVING"} (calls/unary caller messages/health {:service "proto.KV"}))))))

(deftest a-batch-counts-what-fails
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller stores]}]
      (is (= {:total 0, :successful 0, :failed 0, :bytes 0} (calls/batch caller [])))
      (is (= {:total 3, :successful 2, :failed 1, :bytes 5}
             (calls/batch caller (for [[key text] [["a" "12"] ["" "none"] ["b" "345"]]]
                                   {:key key, :value (value text)}))))
      (is (= {:items 2, :bytes 5} (store/totals (store/named stores "")))))))

(deftest fills-come-in-order
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller]}]
      (let [orders [{:type :buy, :symbol "s", :quantity 2} {:type :sell, :symbol "s", :quantity 3} {:type :query, :symbol "s", :quantity 0}]
            {:keys [responses]} (calls/streaming caller messages/trade orders)]
        (is (= [[true 2 "bought"] [false 0 "insufficient position: have 2, want 3"] [true 2 "position"]]
               (map (juxt :success :quantity :message) (into [] responses))))))))

(deftest monitor-tells-of-changes-until-the-drain
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller stores listener]}]
      (let [store (store/named stores "")
            {:keys [responses]} (calls/streaming caller messages/monitor [{:key-prefix "a"}])]
        (is (testing/eventually (:world store) #(seq (:subscribers %))))
        (store/put! store "ab" (value "1"))
        (store/put! store "b" (value "2"))
        (store/delete! store "ab")
        (is (= [[false (value "ab") (value "1")] [true (value "ab") (value "")]]
               (map (juxt :deleted :key :value) (into [] (take 2) responses))))
        (guard/drain! (:calls listener))
        (is (= ["UNAVAILABLE" "server shutting down"] (status #(into [] responses))))
        (is (testing/eventually (:world store) #(empty? (:subscribers %))))))))

(deftest a-monitor-of-an-invalid-prefix-ends
  (testing/with-peers
    "plaintext"
    (fn [{:keys [caller]}]
      (let [{:keys [responses]} (calls/streaming caller messages/monitor [{:key-prefix "a\u0000"}])]
        (is (= "INVALID_ARGUMENT" (first (status #(into [] responses)))))))))

(deftest a-request-over-the-limit-is-refused
  (testing/with-peers
    "mtls"
    (fn [{:keys [caller]}]
      (is (= ["RESOURCE_EXHAUSTED" "gRPC message exceeds maximum size 65536"]
             (status #(calls/unary caller messages/put-value {:key "k", :value (value (apply str (repeat 65536 "v")))}))))
      (let [item {:key "k", :value (value (apply str (repeat 70000 "v")))}]
        (is (= "RESOURCE_EXHAUSTED" (first (status #(calls/batch caller [item])))))))))
