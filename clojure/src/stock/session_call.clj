(ns stock.session-call
  "A running call of a client's session: hands requests to the library as it has room for them, and reports what the
  library gives. Its functions may be called from any thread."
  (:require
   [stock.headers :as headers]
   [stock.session :as session]
   [stock.session-messages :as session-messages])
  (:import
   (clojure.lang PersistentQueue)
   (com.google.protobuf ByteString)
   (io.grpc CallOptions Channel ClientCall ClientCall$Listener ForwardingClientCall$SimpleForwardingClientCall ForwardingClientCallListener$SimpleForwardingClientCallListener Metadata MethodDescriptor MethodDescriptor$MethodType Status)
   (io.grpc.stub ClientCallStreamObserver ClientCalls ClientResponseObserver)
   (java.util.concurrent TimeUnit)))

;; The size of responses at which a frame is full and the next one begins; far below the most, as a frame is full only
;; when a response has filled it.
(def ^:private frame-target (* 1024 1024))

(defn- events
  "The frames that a call's events make, emptied."
  [{:keys [number started frames]}]
  (let [[taken _] (reset-vals! frames [])]
    (mapv #(session-messages/events (assoc (dissoc % :bytes) :call number :at-ns (- (long (:at %)) (long started))))
          taken)))

(defn- grown
  "Frames after one more event, which goes with the last one if that has room."
  [frames at event]
  (let [{:keys [bytes] :or {bytes 0} :as last-frame} (peek frames)
        {:keys [response]} event
        fits (and last-frame (< (long bytes) (long frame-target)))
        frame (-> (if fits last-frame {:responses [], :bytes 0})
                  (merge (dissoc event :response))
                  (assoc :at at))
        frame (cond-> frame
                response (-> (update :responses conj response)
                             (update :bytes + (long (session-messages/response-size response)))))]
    (conj (if fits (pop frames) frames) frame)))

(defn- report!
  "Adds events, which are written together unless their frame is full; queues the call where it is not."
  [{:keys [frames output] :as call} & happened]
  (let [at (System/nanoTime)
        [before _] (swap-vals! frames #(reduce (fn [frames event] (grown frames at event)) % happened))]
    (when (empty? before)
      (session/push! output #(events call)))))

(defn- status-of [^Status status ^Metadata trailers unsent]
  (let [details (.get trailers headers/details)]
    {:code (.value (.getCode status))
     :message (or (.getDescription status) "")
     :trailers (headers/from-grpc trailers)
     :details (if details (ByteString/copyFrom ^bytes details) ByteString/EMPTY)
     :unsent unsent}))

(defn- pump!
  "Hands over requests where there is room for them; the last one is followed by the half-close."
  [{:keys [requests ^ClientCallStreamObserver stream lock]}]
  (locking lock
    (loop []
      (let [{:keys [queue closed half-closed]} @requests
            ^ClientCallStreamObserver stream @stream]
        (cond
          (and (seq queue) (.isReady stream)) (do
                                                (swap! requests update :queue pop)
                                                (.onNext stream (:message (peek queue)))
                                                (recur))
          (and closed (empty? queue) (not half-closed)) (do
                                                          (swap! requests assoc :half-closed true)
                                                          (.onCompleted stream)))))))

(defn- responses
  "How many responses a credit stands for."
  [credit]
  (if (pos? (long credit)) (min (long credit) Integer/MAX_VALUE) Integer/MAX_VALUE))

(defn- observing
  "What the stub tells of a call: its responses. Its end comes by `hearing`, with metadata."
  [{:keys [unary sends receives wrap credit unary-response stream] :as call}]
  (reify ClientResponseObserver
    (beforeStart [_ opened]
      (vreset! stream opened)
      (when receives
        (.disableAutoRequestWithInitial opened (int (responses credit))))
      (when sends
        (.setOnReadyHandler opened #(pump! call))))
    (onNext [_ message]
      (if unary
        (vreset! unary-response (wrap message))
        (report! call {:response (wrap message)})))
    (onError [_ _])
    (onCompleted [_])))

(defn- report-end! [{:keys [unary unary-headers unary-response requests] :as call} ^Status status trailers]
  (if unary
    (apply report!
           call
           (filterv some?
                    [(when @unary-headers {:headers @unary-headers})
                     (when (and @unary-response (.isOk status)) {:response @unary-response})
                     {:status (status-of status trailers 0)}]))
    (report! call {:status (status-of status trailers (count (:queue @requests)))})))

(defn- hearing
  "Hears what stubs do not tell of: metadata."
  ^ClientCall$Listener [{:keys [unary unary-headers ended!] :as call} ^ClientCall$Listener listener]
  (proxy [ForwardingClientCallListener$SimpleForwardingClientCallListener] [listener]
    (onHeaders [received]
      (let [entries (headers/from-grpc received)]
        (if unary
          (vreset! unary-headers entries)
          (report! call {:headers entries})))
      (.onHeaders listener received))
    (onClose [status trailers]
      (.onClose listener status trailers)
      (ended!)
      (report-end! call status trailers))))

(defn- options ^CallOptions [{:keys [timeout-ns wait-for-ready compress]}]
  (cond-> ^CallOptions CallOptions/DEFAULT
    (pos? (long timeout-ns)) (CallOptions/.withDeadlineAfter (long timeout-ns) TimeUnit/NANOSECONDS)
    wait-for-ready (CallOptions/.withWaitForReady)
    compress (CallOptions/.withCompression "gzip")))

(defn- heard-call
  "A call of the library that carries the metadata of its start."
  ^ClientCall [{:keys [^Metadata metadata start] :as call} ^Channel channel method]
  (let [^ClientCall library-call (.newCall channel method (options start))]
    (proxy [ForwardingClientCall$SimpleForwardingClientCall] [library-call]
      (start [listener ^Metadata outgoing]
        (.merge outgoing metadata)
        (.start library-call (hearing call listener) outgoing)))))

(defn call
  "A call as a command has it, that is to be started. `metadata` is gRPC's; `ended!` is called once the call has
  ended, before that is reported."
  [{:keys [requests half-close credit] number :call :as start} {:keys [^MethodDescriptor method accepts wrap]} metadata output ended!]
  (let [type (.getType method)
        sends (not (.clientSendsOneMessage type))]
    {:number number
     :start start
     :method method
     :accepts accepts
     :wrap wrap
     :metadata metadata
     :output output
     :ended! ended!
     :credit credit
     :sends sends
     :receives (not (.serverSendsOneMessage type))
     :unary (= MethodDescriptor$MethodType/UNARY type)
     :started (System/nanoTime)
     :frames (atom [])
     :lock (Object.)
     :stream (volatile! nil)
     :unary-headers (volatile! nil)
     :unary-response (volatile! nil)
     :requests (atom {:queue (into PersistentQueue/EMPTY (when sends requests))
                      :closed (or half-close (not sends))
                      :half-closed (not sends)})}))

(defn start!
  "Starts a call, by the method's kind."
  [{:keys [^MethodDescriptor method sends receives start] :as call} channel]
  (let [library-call (heard-call call channel method)
        observer (observing call)
        request (:message (first (:requests start)))]
    (cond
      (and sends receives) (ClientCalls/asyncBidiStreamingCall library-call observer)
      sends (ClientCalls/asyncClientStreamingCall library-call observer)
      receives (ClientCalls/asyncServerStreamingCall library-call request observer)
      :else (ClientCalls/asyncUnaryCall library-call request observer))
    (when sends
      (pump! call))))

(defn check-requests
  "Refuses requests that are not of the call's type."
  [{:keys [accepts]} requests]
  (when-not (every? #(= accepts (:kind %)) requests)
    (throw (session/refusal "requests: one is not of the rpc's type"))))

(defn- check-open [{:keys [requests]}]
  (when (:closed @requests)
    (throw (session/refusal "call: its requests have ended"))))

(defn send!
  "Queues requests."
  [{:keys [requests] :as call} more]
  (check-open call)
  (check-requests call more)
  (swap! requests update :queue into more)
  (pump! call))

(defn half-close!
  "Ends the requests after those queued."
  [{:keys [requests] :as call}]
  (check-open call)
  (swap! requests assoc :closed true)
  (pump! call))

(defn receive!
  "Allows more responses."
  [{:keys [receives stream]} credit]
  (when receives
    (.request ^ClientCallStreamObserver @stream (int (responses credit)))))

(defn cancel!
  "Ends a call; it reports the status that its library gives."
  [{:keys [stream]}]
  (.cancel ^ClientCallStreamObserver @stream "cancelled by the runner" nil))
