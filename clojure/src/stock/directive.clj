(ns stock.directive
  "Conformance mode: does to a call what the directive in its metadata says, without the handlers knowing."
  (:require
   [stock.context :as context]
   [stock.headers :as headers]
   [stock.observer :as observer]
   [stock.session-messages :as session-messages]
   [stock.store :as store])
  (:import
   (com.google.common.util.concurrent MoreExecutors)
   (com.google.protobuf ByteString)
   (io.grpc Context Context$CancellationListener Contexts ForwardingServerCall$SimpleForwardingServerCall Metadata Metadata$Key MethodDescriptor$MethodType ServerCall ServerCall$Listener ServerCallHandler ServerInterceptor Status)
   (java.util.concurrent CountDownLatch TimeUnit)))

(def ^Metadata$Key metadata-key
  "The metadata that carries a directive."
  (headers/binary-key "stock-directive-bin"))

(defn- method-type [^ServerCall call]
  (.getType (.getMethodDescriptor call)))

(defn- end!
  "Ends a call with the directive's metadata. gRPC sends no initial metadata with an error, so it goes first."
  [^ServerCall call send-headers {:keys [headers trailers]} ^Status status ^Metadata metadata]
  (when (seq headers)
    (send-headers (Metadata.)))
  (.merge metadata (headers/to-grpc trailers))
  (.close call status metadata))

(defn- failure [{:keys [code ^String message]}]
  (.withDescription (Status/fromCodeValue (int code)) (when-not (= "" message) message)))

(defn- failure-trailers [{:keys [^ByteString details]}]
  (let [metadata (Metadata.)]
    (when-not (.isEmpty details)
      (.put metadata headers/details (.toByteArray details)))
    metadata))

(defn- directed
  "A call that carries a directive's metadata, and fails after the messages that its `:fail` names: the proxy as
  `:call`, and functions."
  [^ServerCall call directive seen]
  (let [lock (Object.)
        headers-sent (volatile! false)
        failed (volatile! false)
        counted (volatile! 0)
        send-headers (fn [^Metadata metadata]
                       (when-not @headers-sent
                         (vreset! headers-sent true)
                         (.merge metadata (headers/to-grpc (:headers directive)))
                         (.sendHeaders call metadata)))
        fail! (fn []
                (vreset! failed true)
                (end! call send-headers directive (failure (:fail directive)) (failure-trailers (:fail directive))))
        count! (fn []
                 (when (and (= (vswap! counted inc) (get-in directive [:fail :after])) (not @failed))
                   (fail!)))
        proxied (proxy [ForwardingServerCall$SimpleForwardingServerCall] [call]
                  (sendHeaders [metadata]
                    (locking lock (send-headers metadata)))
                  (sendMessage [message]
                    (locking lock
                      (when-not @failed
                        (observer/sent! seen)
                        (.sendMessage call message)
                        (when-not (.serverSendsOneMessage ^MethodDescriptor$MethodType (method-type call))
                          (count!)))))
                  (close [status metadata]
                    (locking lock
                      (when-not @failed
                        (end! call send-headers directive status metadata)))))]
    {:call proxied
     :fail! #(locking lock (fail!))
     :failed? #(locking lock @failed)
     :read! (fn []
              (when (= MethodDescriptor$MethodType/CLIENT_STREAMING (method-type call))
                (locking lock (count!))))}))

(defn- ignorant
  "A listener for a call that no handler will see."
  ^ServerCall$Listener []
  (proxy [ServerCall$Listener] []))

(defn- throwing
  "A handler that throws the language's ordinary exception at the first event of its call."
  ^ServerCall$Listener []
  (let [thrown (volatile! false)
        throw-once (fn []
                     (when-not @thrown
                       (vreset! thrown true)
                       (throw (ex-info "thrown for a directive" {}))))]
    (proxy [ServerCall$Listener] []
      (onReady [] (throw-once))
      (onMessage [_] (throw-once))
      (onHalfClose [] (throw-once)))))

(defn- elapses?
  "Waits; false where the call ends before."
  [delay-ms]
  (or (zero? (long delay-ms))
      (let [ended (CountDownLatch. 1)
            context (Context/current)
            listener (reify Context$CancellationListener
                       (cancelled [_ _] (.countDown ended)))]
        (.addListener context listener (MoreExecutors/directExecutor))
        (try
          (not (.await ended (long delay-ms) TimeUnit/MILLISECONDS))
          (finally
            (.removeListener context listener))))))

(defn- fails-at-once? [call {:keys [fail]}]
  (and fail (or (= MethodDescriptor$MethodType/UNARY (method-type call)) (zero? (long (:after fail))))))

(defn- start!
  "Starts the handler after what the directive asks for before it."
  ^ServerCall$Listener [stores {:keys [fail!] ^ServerCall call :call} directive ^Metadata metadata ^ServerCallHandler handler]
  (when (:compress directive)
    (.setCompression call "gzip"))
  (when (:headers-first directive)
    (.sendHeaders call (Metadata.)))
  (cond
    ;; Cancelled: nobody waits for an answer.
    (not (elapses? (:delay-ms directive))) (ignorant)
    (:throw directive) (throwing)
    (fails-at-once? call directive) (do (fail!) (ignorant))
    :else (Contexts/interceptCall (.withValues (Context/current)
                                               context/store-key (store/named stores (:store directive))
                                               context/send-headers-key #(.sendHeaders call (Metadata.)))
                                  call
                                  metadata
                                  handler)))

(defn- listening
  "Hands the events of a directed call to its handler, which hears no more of one that has failed."
  [{:keys [failed? read!]} seen ^ServerCall$Listener handler]
  (proxy [ServerCall$Listener] []
    (onMessage [message]
      (when-not (failed?)
        (observer/read! seen)
        (.onMessage handler message)
        (read!)))
    (onHalfClose []
      (when-not (failed?)
        (.onHalfClose handler)))
    (onReady [] (.onReady handler))
    (onCancel []
      (observer/ended! seen true)
      (.onCancel handler))
    (onComplete []
      (observer/ended! seen false)
      (.onComplete handler))))

(defn interceptor
  "Obeys directives over stores. `report` is called with a tag and what the server saw, once and from any thread,
  when a call with a tag has ended; it must not block."
  ^ServerInterceptor [stores report]
  (reify ServerInterceptor
    (interceptCall [_ call metadata handler]
      (if-let [encoded (.get metadata metadata-key)]
        (if-let [directive (session-messages/directive encoded)]
          (let [seen (observer/begin (:tag directive) call metadata report)
                directed (directed call directive seen)]
            (listening directed seen (start! stores directed directive metadata handler)))
          (do
            (.close call (.withDescription Status/INVALID_ARGUMENT "bad directive") (Metadata.))
            (ignorant)))
        (.startCall handler call metadata)))))
