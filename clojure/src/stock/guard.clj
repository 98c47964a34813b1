(ns stock.guard
  "The calls of a listener, and what stands around each of their handlers: it knows how many run, ends at the drain
  those that have no end of their own, holds to the limit of requests and keeps faults from the peer."
  (:require
   [stock.context :as context]
   [stock.log :as log]
   [stock.messages-in :as messages-in])
  (:import
   (io.grpc Context Contexts ForwardingServerCall$SimpleForwardingServerCall Metadata MethodDescriptor ServerCall ServerCall$Listener ServerInterceptor Status StatusException StatusRuntimeException)
   (io.grpc.health.v1 HealthGrpc)
   (java.io InputStream)
   (java.util.logging Level)
   (tofusoup.stock StockGrpc)))

(def ^:private ^Status draining (.withDescription Status/UNAVAILABLE "server shutting down"))
(def ^:private ^Status fault (.withDescription Status/UNKNOWN "handler failed"))

(def ^:private endless
  "Methods whose calls have no end of their own."
  (into #{}
        (map #(.getFullMethodName ^MethodDescriptor %))
        [(StockGrpc/getMonitorMethod)
         (HealthGrpc/getWatchMethod)
         (io.grpc.reflection.v1.ServerReflectionGrpc/getServerReflectionInfoMethod)
         (io.grpc.reflection.v1alpha.ServerReflectionGrpc/getServerReflectionInfoMethod)]))

(defn calls
  "The calls of a listener that reads messages of so many bytes."
  [max-receive-bytes]
  {:limit max-receive-bytes, :state (atom {:running #{}, :endless #{}, :draining false})})

(defn- method-name [^ServerCall call]
  (.getFullMethodName (.getMethodDescriptor call)))

(defn- guarded
  "A call that may be ended by others than its handler: by a fault, by the drain. Whoever is first ends it, and what
  comes later from anyone is passed over, as is all after a cancellation."
  ^ServerCall [^ServerCall call]
  (let [headers-sent (volatile! false)
        closed (volatile! false)
        lock (Object.)]
    (proxy [ForwardingServerCall$SimpleForwardingServerCall] [call]
      (sendHeaders [^Metadata headers]
        (locking lock
          (when-not (or @closed @headers-sent)
            (vreset! headers-sent true)
            (.sendHeaders call headers))))
      (sendMessage [message]
        (locking lock
          (when-not @closed
            (.sendMessage call message))))
      (close [^Status status ^Metadata trailers]
        (locking lock
          (when-not @closed
            (vreset! closed true)
            (.close call status trailers)))))))

(defn- begin! [{:keys [state]} ^ServerCall call]
  (let [ends (not (contains? endless (method-name call)))
        after (swap! state #(cond-> (update % :running conj call)
                              (not ends) (update :endless conj call)))]
    (when (and (:draining after) (not ends))
      (.close call draining (Metadata.)))))

(defn- end! [{:keys [state]} call]
  (swap! state #(-> % (update :running disj call) (update :endless disj call))))

(defn- guarding
  "Runs a step of a handler; what it throws ends the call."
  [^ServerCall call step]
  (try
    (step)
    ;; The library's own: a request that does not decode, or is too large.
    (catch StatusRuntimeException e
      (.close call (.getStatus e) (Metadata.)))
    (catch StatusException e
      (.close call (.getStatus e) (Metadata.)))
    (catch Exception e
      (log/log! Level/SEVERE "guard" e (method-name call) "failed")
      (.close call fault (Metadata.)))))

(defn- bytes-within
  "Requests come as streams of bytes, which the handler's side decodes."
  [limit message]
  (if (instance? InputStream message) (messages-in/limited message limit) message))

(defn- listening
  "Hands a call's events to its handler, which `handler` holds once it has started."
  [{:keys [limit] :as calls} ^ServerCall call handler]
  (let [told (fn [step] (when @handler (guarding call step)))]
    (proxy [ServerCall$Listener] []
      (onMessage [message]
        (told #(.onMessage ^ServerCall$Listener @handler (bytes-within limit message))))
      (onHalfClose [] (told #(.onHalfClose ^ServerCall$Listener @handler)))
      (onReady [] (told #(.onReady ^ServerCall$Listener @handler)))
      (onCancel []
        (told #(.onCancel ^ServerCall$Listener @handler))
        (end! calls call))
      (onComplete []
        (told #(.onComplete ^ServerCall$Listener @handler))
        (end! calls call)))))

(defn interceptor
  "Guards the calls of a listener."
  ^ServerInterceptor [calls]
  (reify ServerInterceptor
    (interceptCall [_ call headers next]
      (let [call (guarded call)
            handler (volatile! nil)
            context (.withValue (Context/current) context/send-headers-key #(.sendHeaders call (Metadata.)))]
        (begin! calls call)
        (guarding call #(vreset! handler (Contexts/interceptCall context call headers next)))
        (listening calls call handler)))))

(defn drain!
  "Ends the calls that have no end of their own, those still to come too."
  [{:keys [state] :as calls}]
  (doseq [^ServerCall call (:endless (swap! state assoc :draining true))]
    (.close call draining (Metadata.))
    ;; Whatever its handler still waits for.
    (end! calls call)))

(defn running
  "How many calls run."
  [{:keys [state]}]
  (count (:running @state)))

(defn await-none
  "Waits until no call runs; false where that takes longer than some nanoseconds."
  [{:keys [state]} nanoseconds]
  (let [none (promise)
        watch (Object.)
        look (fn [{:keys [running]}] (when (empty? running) (deliver none true)))]
    (add-watch state watch (fn [_ _ _ after] (look after)))
    (look @state)
    (try
      (deref none (quot (+ (max 0 (long nanoseconds)) 999999) 1000000) false)
      (finally
        (remove-watch state watch)))))
