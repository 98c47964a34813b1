(ns stock.messages
  "The one place that knows the generated classes of the services' messages: to data and back.

  A codec is a map: `:method` is the generated descriptor, `:request` and `:response` convert what is read of the
  peer to data, `:to-request` and `:to-response` make messages of data."
  (:import
   (com.google.protobuf ByteString)
   (io.grpc.health.v1 HealthCheckRequest HealthCheckResponse HealthGrpc)
   (java.util Map)
   (proto KVGrpc)
   (tofusoup.stock BatchItem BatchSummary DeleteRequest Empty GetRequest GetResponse InventoryRequest InventoryStatus PutRequest StockGrpc TradeFill TradeOrder TradeOrder$OrderType WatchEvent WatchEvent$EventType WatchRequest)))

(def ^:private order-types
  {:buy TradeOrder$OrderType/BUY, :sell TradeOrder$OrderType/SELL, :query TradeOrder$OrderType/QUERY})

(defn- order-type
  "The type of an order; its number where that is not known."
  [^TradeOrder order]
  (condp = (.getType order)
    TradeOrder$OrderType/BUY :buy
    TradeOrder$OrderType/SELL :sell
    TradeOrder$OrderType/QUERY :query
    (.getTypeValue order)))

(def get-value
  "Stock/Get."
  {:method (StockGrpc/getGetMethod)
   :request (fn [^GetRequest m] {:key (.getKey m)})
   :to-request (fn [{:keys [^String key]}] (.. (GetRequest/newBuilder) (setKey key) build))
   :response (fn [^GetResponse m] {:value (.getValue m)})
   :to-response (fn [{:keys [^ByteString value]}] (.. (GetResponse/newBuilder) (setValue value) build))})

(def put-value
  "Stock/Put."
  {:method (StockGrpc/getPutMethod)
   :request (fn [^PutRequest m] {:key (.getKey m), :value (.getValue m)})
   :to-request (fn [{:keys [^String key ^ByteString value]}]
                 (.. (PutRequest/newBuilder) (setKey key) (setValue value) build))
   :response (constantly {})
   :to-response (fn [_] (Empty/getDefaultInstance))})

(def delete-value
  "Stock/Delete."
  {:method (StockGrpc/getDeleteMethod)
   :request (fn [^DeleteRequest m] {:key (.getKey m)})
   :to-request (fn [{:keys [^String key]}] (.. (DeleteRequest/newBuilder) (setKey key) build))
   :response (constantly {})
   :to-response (fn [_] (Empty/getDefaultInstance))})

(def inventory
  "Stock/Inventory."
  {:method (StockGrpc/getInventoryMethod)
   :request (constantly {})
   :to-request (fn [_] (InventoryRequest/getDefaultInstance))
   :response (fn [^InventoryStatus m]
               {:items (.getTotalItems m)
                :bytes (.getTotalBytes m)
                :uptime-seconds (.getUptimeSeconds m)
                :server-version (.getServerVersion m)
                :metadata (into (sorted-map) (.getMetadataMap m))})
   :to-response (fn [{:keys [items bytes uptime-seconds ^String server-version ^Map metadata]}]
                  (.. (InventoryStatus/newBuilder)
                      (setTotalItems (long items))
                      (setTotalBytes (long bytes))
                      (setUptimeSeconds (long uptime-seconds))
                      (setServerVersion server-version)
                      (putAllMetadata metadata)
                      build))})

(def monitor
  "Stock/Monitor."
  {:method (StockGrpc/getMonitorMethod)
   :request (fn [^WatchRequest m] {:key-prefix (.getKeyPrefix m)})
   :to-request (fn [{:keys [^String key-prefix]}] (.. (WatchRequest/newBuilder) (setKeyPrefix key-prefix) build))
   :response (fn [^WatchEvent m]
               {:deleted (= WatchEvent$EventType/DELETE (.getType m))
                :key (.getKeyBytes m)
                :value (.getValue m)
                :timestamp (.getTimestamp m)})
   :to-response (fn [{:keys [deleted ^String key ^ByteString value timestamp]}]
                  (.. (WatchEvent/newBuilder)
                      (setType (if deleted WatchEvent$EventType/DELETE WatchEvent$EventType/PUT))
                      (setKey key)
                      (setValue value)
                      (setTimestamp (long timestamp))
                      build))})

(def batch
  "Stock/Batch."
  {:method (StockGrpc/getBatchMethod)
   :request (fn [^BatchItem m] {:key (.getKey m), :value (.getValue m)})
   :to-request (fn [{:keys [^String key ^ByteString value]}]
                 (.. (BatchItem/newBuilder) (setKey key) (setValue value) build))
   :response (fn [^BatchSummary m]
               {:total (.getTotalItems m)
                :successful (.getSuccessful m)
                :failed (.getFailed m)
                :bytes (.getBytesWritten m)})
   :to-response (fn [{:keys [successful failed bytes]}]
                  (.. (BatchSummary/newBuilder)
                      (setTotalItems (+ (int successful) (int failed)))
                      (setSuccessful (int successful))
                      (setFailed (int failed))
                      (setBytesWritten (long bytes))
                      build))})

(def trade
  "Stock/Trade."
  {:method (StockGrpc/getTradeMethod)
   :request (fn [^TradeOrder m] {:type (order-type m), :symbol (.getSymbol m), :quantity (.getQuantity m)})
   :to-request (fn [{:keys [type ^String symbol quantity]}]
                 (.. (TradeOrder/newBuilder)
                     (setType ^TradeOrder$OrderType (order-types type))
                     (setSymbol symbol)
                     (setQuantity (int quantity))
                     build))
   :response (fn [^TradeFill m]
               {:success (.getSuccess m)
                :symbol (.getSymbolBytes m)
                :quantity (.getQuantityFilled m)
                :message (.getMessage m)})
   :to-response (fn [{:keys [success ^String symbol quantity ^String message timestamp]}]
                  (.. (TradeFill/newBuilder)
                      (setSuccess (boolean success))
                      (setSymbol symbol)
                      (setQuantityFilled (int quantity))
                      (setMessage message)
                      (setTimestamp (long timestamp))
                      build))})

(def kv-get
  "KV/Get."
  {:method (KVGrpc/getGetMethod)
   :request (fn [^proto.GetRequest m] {:key (.getKey m)})
   :to-request (fn [{:keys [^String key]}] (.. (proto.GetRequest/newBuilder) (setKey key) build))
   :response (fn [^proto.GetResponse m] {:value (.getValue m)})
   :to-response (fn [{:keys [^ByteString value]}] (.. (proto.GetResponse/newBuilder) (setValue value) build))})

(def kv-put
  "KV/Put."
  {:method (KVGrpc/getPutMethod)
   :request (fn [^proto.PutRequest m] {:key (.getKey m), :value (.getValue m)})
   :to-request (fn [{:keys [^String key ^ByteString value]}]
                 (.. (proto.PutRequest/newBuilder) (setKey key) (setValue value) build))
   :response (constantly {})
   :to-response (fn [_] (proto.Empty/getDefaultInstance))})

(def health
  "Health/Check, for clients."
  {:method (HealthGrpc/getCheckMethod)
   :to-request (fn [{:keys [^String service]}] (.. (HealthCheckRequest/newBuilder) (setService service) build))
   :response (fn [^HealthCheckResponse m] {:status (str (.getStatus m))})})
