(ns stock.server-session
  "Obeys the commands of a runner to a stock_server."
  (:require
   [stock.credentials :as credentials]
   [stock.directive :as directive]
   [stock.listener :as listener]
   [stock.pem :as pem]
   [stock.program :as program]
   [stock.session :as session]
   [stock.session-messages :as session-messages]
   [stock.store :as store]
   [stock.warmup :as warmup])
  (:import
   (java.net InetAddress)))

(defn start
  "Says hello on a stream; a session."
  [stream]
  (let [output (session/output stream)
        stores (store/stores)
        report (fn [tag seen] (session/send! output (session-messages/observed tag seen)))]
    (session/hello! output
                    :server
                    "gzip_response"
                    "reflection_v1"
                    "reflection_v1alpha"
                    "observe_peer"
                    "observe_tls"
                    "observe_encoding")
    {:output output
     :stores stores
     :directives (directive/interceptor stores report)
     :warmup (warmup/start!)
     :state (atom {:open {}, :used #{}, :drains [], :ending false})}))

(defn- credentials [{:keys [security identity client-roots]}]
  (let [identity (pem/parse-identity (:chain identity) (:key identity))]
    (credentials/server identity (when (= "mtls" security) (pem/certificates client-roots "client roots")))))

(defn- binding-of [{:keys [host port] :as command}]
  (let [^InetAddress address (session/address host)
        security (session/security (:security command))]
    (when (> (long port) 65535)
      (throw (session/refusal "port: " port " given, at most 65535 expected")))
    (when (and (= "plaintext" security) (not (.isLoopbackAddress address)))
      (throw (session/refusal "host: " host " given, plaintext is for loopback")))
    {:address address
     :port port
     :security security
     :credentials (when-not (= "plaintext" security) (credentials command))
     :max-receive-bytes (session/max-receive-bytes (:max-receive-bytes command))}))

(defn- listen! [{:keys [output stores directives state warmup]} {number :listener :as command}]
  (when (or (zero? (long number)) (contains? (:used @state) number))
    (throw (session/refusal "listener: " number " given, a new number from 1 expected")))
  (warmup/await-warm warmup)
  (let [listener (listener/listen (binding-of command) stores [directives])]
    (swap! state #(-> %
                      (update :used conj number)
                      (assoc-in [:open number] listener)))
    (session/send! output (session-messages/listening number (:port listener)))))

(defn- start-drain! [{:keys [state]} listener grace-nanos done]
  (let [drained (promise)]
    (swap! state update :drains conj drained)
    (program/daemon! "drain"
                     #(do
                        (listener/drain! listener grace-nanos)
                        (done)
                        (deliver drained true)))))

(defn- stop! [{:keys [state output] :as session} {number :listener, grace-ms :grace-ms}]
  (let [listener (get-in @state [:open number])]
    (when (nil? listener)
      (throw (session/refusal "listener: " number " given, which is not open")))
    (swap! state update :open dissoc number)
    (start-drain! session
                  listener
                  (* (long grace-ms) 1000000)
                  #(session/send! output (session-messages/stopped number)))))

(defn- obey! [{:keys [state stores] :as session} {kind :command :as command}]
  (locking state
    (when (:ending @state)
      (throw (session/refusal "the session is ending")))
    (case kind
      :listen (listen! session command)
      :stop (stop! session command)
      :forget (store/forget! stores (:stores command))
      (throw (session/refusal "command: " (if (keyword? kind) (name kind) kind)
                              " given, listen, stop or forget expected")))))

(defn run-commands!
  "Obeys commands to the end of the input; nil, or what is wrong with it."
  [{:keys [output] :as session} input]
  (session/obey-all! input output #(obey! session %)))

(defn end!
  "Drains what is open; whatever still drains after the grace is left behind."
  [{:keys [state output] :as session} grace-nanos]
  (let [end (+ (System/nanoTime) (long grace-nanos) (long listener/abort-nanos))]
    (locking state
      (swap! state assoc :ending true)
      (doseq [listener (vals (:open @state))]
        (start-drain! session listener grace-nanos (fn []))))
    (doseq [drained (:drains @state)]
      (deref drained (max 1 (quot (- end (System/nanoTime)) 1000000)) nil))
    (session/close! output)))
