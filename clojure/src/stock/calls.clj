(ns stock.calls
  "The client side of each RPC. A call that fails throws a StatusRuntimeException."
  (:require
   [stock.messages :as messages])
  (:import
   (clojure.lang IReduceInit)
   (io.grpc CallOptions Channel ClientCall ClientCall$Listener Metadata MethodDescriptor Status)
   (io.grpc.stub ClientCalls)
   (java.util.concurrent BlockingQueue LinkedBlockingQueue TimeUnit)))

(defn- options ^CallOptions [{:keys [timeout-nanos]}]
  (if (zero? (long timeout-nanos))
    CallOptions/DEFAULT
    (.withDeadlineAfter CallOptions/DEFAULT (long timeout-nanos) TimeUnit/NANOSECONDS)))

(defn- new-call ^ClientCall [{:keys [^Channel channel] :as caller} {:keys [^MethodDescriptor method]}]
  (.newCall channel method (options caller)))

(defn unary
  "The response to one request, both as data. A caller is a `:channel` and the `:timeout-nanos` of each call, 0 for
  none."
  [{:keys [^Channel channel] :as caller} {:keys [^MethodDescriptor method to-request response]} request]
  (response (ClientCalls/blockingUnaryCall channel method (options caller) (to-request request))))

(defn- sender
  "A function that hands over requests where there is room for them; the last one is followed by the half-close. A
  method that takes one request never says that it is ready."
  [^ClientCall call one-request requests]
  (let [unsent (volatile! requests)
        half-closed (volatile! false)]
    (fn []
      (locking unsent
        (while (and (seq @unsent) (or one-request (.isReady call)))
          (.sendMessage call (first @unsent))
          (vswap! unsent rest))
        (when (and (empty? @unsent) (not @half-closed))
          (vreset! half-closed true)
          (.halfClose call))))))

(defn- listening ^ClientCall$Listener [^BlockingQueue items ready]
  (proxy [ClientCall$Listener] []
    (onReady [] (ready))
    (onMessage [message] (.add items {:message message}))
    (onClose [status _trailers] (.add items {:status status}))))

(defn- responses
  "The responses of a call as something to reduce, which reads them one by one and throws where the call fails."
  [^ClientCall call ^BlockingQueue items response]
  (reify IReduceInit
    (reduce [_ step result]
      (loop [result result]
        (if (reduced? result)
          @result
          (let [{:keys [message ^Status status]} (.take items)]
            (cond
              message (do
                        (.request call 1)
                        (recur (step result (response message))))
              (.isOk status) result
              :else (throw (.asRuntimeException status)))))))))

(defn streaming
  "Starts a call and sends all its requests, as fast as the peer reads them: `:responses`, and `:cancel!` that ends
  the call."
  [caller {:keys [^MethodDescriptor method to-request response] :as codec} requests]
  (let [call (new-call caller codec)
        items (LinkedBlockingQueue.)
        send! (sender call (.clientSendsOneMessage (.getType method)) (map to-request requests))]
    (.start call (listening items send!) (Metadata.))
    (.request call 1)
    (send!)
    {:responses (responses call items response), :cancel! #(.cancel call "no longer wanted" nil)}))

(defn batch
  "Stores items and tells what became of them."
  [caller items]
  (or (first (into [] (:responses (streaming caller messages/batch items))))
      (throw (.asRuntimeException (.withDescription Status/INTERNAL "a call without a response")))))
