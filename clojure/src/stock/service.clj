(ns stock.service
  "The handlers of Stock and KV. They take data and give data; around them stands what makes them methods of gRPC."
  (:require
   [stock.context :as context]
   [stock.messages :as messages]
   [stock.store :as store])
  (:import
   (clojure.lang ExceptionInfo)
   (com.google.common.util.concurrent MoreExecutors)
   (com.google.protobuf ByteString)
   (io.grpc MethodDescriptor ServerServiceDefinition ServiceDescriptor Status StatusRuntimeException)
   (io.grpc.stub ServerCallStreamObserver ServerCalls ServerCalls$BidiStreamingMethod ServerCalls$ClientStreamingMethod ServerCalls$ServerStreamingMethod ServerCalls$UnaryMethod StreamObserver)
   (java.util.concurrent Executor)
   (proto KVGrpc)
   (tofusoup.stock StockGrpc)))

(defn- refusal
  "The status of an error of the store; others are faults, and thrown on."
  ^StatusRuntimeException [^ExceptionInfo error]
  (let [^Status status (case (:error (ex-data error))
                         :invalid-key Status/INVALID_ARGUMENT
                         :key-not-found Status/NOT_FOUND
                         (throw error))]
    (.asRuntimeException (.withDescription status (ex-message error)))))

(defn- answer! [^StreamObserver observer {:keys [to-response]} data]
  (.onNext observer (to-response data))
  (.onCompleted observer))

(defn- unary [{:keys [request] :as codec} handle]
  (ServerCalls/asyncUnaryCall
    (reify ServerCalls$UnaryMethod
      (invoke [_ message observer]
        (let [answer (try
                       (handle (request message))
                       (catch ExceptionInfo e (refusal e)))]
          (if (instance? StatusRuntimeException answer)
            (.onError ^StreamObserver observer answer)
            (answer! observer codec answer)))))))

(defn- deliver!
  "Sends what a subscription has while the peer has room for it. Runs in sequence, as all that uses the call."
  [{:keys [^ServerCallStreamObserver call subscription over]}]
  (loop []
    (when (and (not @over) (.isReady call))
      (when-let [change (store/poll! subscription)]
        (.onNext call ((:to-response messages/monitor) change))
        (recur))))
  (when (and (not @over) (store/overflown? subscription))
    (vreset! over true)
    (.onError call (.asRuntimeException (.withDescription Status/RESOURCE_EXHAUSTED "subscriber too slow")))))

(defn- monitor! [store ^Executor executor {:keys [key-prefix]} ^ServerCallStreamObserver call]
  (let [sequential (MoreExecutors/newSequentialExecutor executor)
        over (volatile! false)
        started (promise)
        wake (fn [] (.execute sequential #(deliver! @started)))
        subscription (store/subscribe! store key-prefix wake)
        end (fn []
              (store/unsubscribe! subscription)
              (.execute sequential #(vreset! over true)))]
    (deliver started {:call call, :subscription subscription, :over over})
    (.setOnReadyHandler call wake)
    (.setOnCancelHandler call end)
    (.setOnCloseHandler call end)
    ;; Subscribed before: who has seen the initial metadata misses nothing.
    (context/send-headers!)
    (wake)))

(defn- monitoring [stores executor]
  (ServerCalls/asyncServerStreamingCall
    (reify ServerCalls$ServerStreamingMethod
      (invoke [_ message observer]
        (try
          (monitor! (context/current-store stores) executor ((:request messages/monitor) message) observer)
          (catch ExceptionInfo e
            (.onError ^StreamObserver observer (refusal e))))))))

(defn- counted
  "A batch's summary after one more item."
  [summary store {:keys [key ^ByteString value]}]
  (if (store/valid-key? key)
    (do
      (store/put! store key value)
      (-> summary
          (update :successful inc)
          (update :bytes + (.size value))))
    (update summary :failed inc)))

(defn- batch-items [store observer]
  (let [summary (volatile! {:successful 0, :failed 0, :bytes 0})]
    (reify StreamObserver
      (onNext [_ item] (vswap! summary counted store ((:request messages/batch) item)))
      ;; What was applied stays, and nobody listens.
      (onError [_ _])
      (onCompleted [_] (answer! observer messages/batch @summary)))))

(defn- batching [stores]
  (ServerCalls/asyncClientStreamingCall
    (reify ServerCalls$ClientStreamingMethod
      (invoke [_ observer] (batch-items (context/current-store stores) observer)))))

(defn- trade-orders
  "Answers each order with a fill as soon as it is read, and reads no faster than its peer does."
  [store ^ServerCallStreamObserver call]
  (let [waiting (volatile! false)
        resume (fn []
                 (when (and @waiting (.isReady call))
                   (vreset! waiting false)
                   (.request call 1)))]
    (.disableAutoRequest call)
    (.setOnReadyHandler call resume)
    ;; Else a fill for a peer that has gone would be a fault.
    (.setOnCancelHandler call (fn []))
    (.request call 1)
    (reify StreamObserver
      (onNext [_ order]
        (.onNext call ((:to-response messages/trade) (store/trade! store ((:request messages/trade) order))))
        (vreset! waiting true)
        (resume))
      (onError [_ _])
      (onCompleted [_] (.onCompleted call)))))

(defn- trading [stores]
  (ServerCalls/asyncBidiStreamingCall
    (reify ServerCalls$BidiStreamingMethod
      (invoke [_ observer] (trade-orders (context/current-store stores) observer)))))

(defn- inventory [store {:keys [version started-nanos metadata]}]
  (let [{:keys [items bytes]} (store/totals store)]
    {:items items
     :bytes bytes
     :uptime-seconds (quot (- (System/nanoTime) (long started-nanos)) 1000000000)
     :server-version version
     :metadata metadata}))

(defn definition
  "A service of its descriptor and pairs of a codec and a handler."
  ^ServerServiceDefinition [^ServiceDescriptor service & methods]
  (let [builder (ServerServiceDefinition/builder service)]
    (doseq [[codec handler] (partition 2 methods)]
      (.addMethod builder ^MethodDescriptor (:method codec) ^io.grpc.ServerCallHandler handler))
    (.build builder)))

(defn- fetch [stores]
  (fn [{:keys [key]}] {:value (store/fetch (context/current-store stores) key)}))

(defn- put! [stores]
  (fn [{:keys [key value]}] (store/put! (context/current-store stores) key value)))

(defn stock
  "tofusoup.stock.Stock over stores.

  `description` is what Inventory says of the server beside the totals: `:version`, `:started-nanos` (when it began
  to listen, by System/nanoTime) and `:metadata`. `executor` delivers changes to subscribers."
  [stores description executor]
  (definition (StockGrpc/getServiceDescriptor)
              messages/get-value (unary messages/get-value (fetch stores))
              messages/put-value (unary messages/put-value (put! stores))
              messages/delete-value
              (unary messages/delete-value (fn [{:keys [key]}] (store/delete! (context/current-store stores) key)))
              messages/inventory
              (unary messages/inventory (fn [_] (inventory (context/current-store stores) description)))
              messages/monitor (monitoring stores executor)
              messages/batch (batching stores)
              messages/trade (trading stores)))

(defn kv
  "proto.KV, the older service, over the same stores."
  [stores]
  (definition (KVGrpc/getServiceDescriptor)
              messages/kv-get (unary messages/kv-get (fetch stores))
              messages/kv-put (unary messages/kv-put (put! stores))))
