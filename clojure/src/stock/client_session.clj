(ns stock.client-session
  "Obeys the commands of a runner to a stock_client."
  (:require
   [stock.channel :as channel]
   [stock.credentials :as credentials]
   [stock.headers :as headers]
   [stock.pem :as pem]
   [stock.session :as session]
   [stock.session-call :as session-call]
   [stock.session-messages :as session-messages]
   [stock.warmup :as warmup])
  (:import
   (java.net InetAddress InetSocketAddress)))

(def ^:private end-millis 1000)

(defn start
  "Says hello on a stream; a session. The state has the open `:channels`, the `:used` numbers of channels, the calls
  that are `:running` and the highest number of a call."
  [stream]
  (let [output (session/output stream)]
    (session/hello! output :client "gzip_request" "wait_for_ready")
    {:output output
     :warmup (warmup/start!)
     :state (atom {:channels {}, :used #{}, :running {}, :highest 0, :ending false})}))

(defn- credentials [{:keys [security identity roots]}]
  (let [identity (when (and identity (= "mtls" security))
                   (pem/parse-identity (:chain identity) (:key identity)))]
    (credentials/client (pem/certificates roots "roots") identity)))

(defn- endpoint [{:keys [host port server-name] :as command}]
  (let [^InetAddress address (session/address host)
        security (session/security (:security command))]
    (when-not (<= 1 (long port) 65535)
      (throw (session/refusal "port: " port " given, 1 to 65535 expected")))
    {:address (InetSocketAddress. address (int port))
     :credentials (when-not (= "plaintext" security) (credentials command))
     :authority (not-empty server-name)
     :max-receive-bytes (session/max-receive-bytes (:max-receive-bytes command))}))

(defn- open! [{:keys [state warmup]} {number :channel :as command}]
  (when (or (zero? (long number)) (contains? (:used @state) number))
    (throw (session/refusal "channel: " number " given, a new number from 1 expected")))
  (warmup/await-warm warmup)
  (let [channel (channel/open (endpoint command))]
    (swap! state #(-> %
                      (update :used conj number)
                      (assoc-in [:channels number] channel)))))

(defn- channel-of [{:keys [state]} number]
  (or (get-in @state [:channels number])
      (throw (session/refusal "channel: " number " given, which is not open"))))

(defn- close!
  "Cancels the calls of a channel first: the other way round they would end as unavailable."
  [{:keys [state] :as session} number]
  (let [channel (channel-of session number)]
    (doseq [call (vals (:running @state))
            :when (= number (get-in call [:start :channel]))]
      (session-call/cancel! call))
    (swap! state update :channels dissoc number)
    (channel/close! channel)))

(defn- metadata-of [entries]
  (try
    (headers/to-grpc entries)
    (catch IllegalArgumentException e
      (throw (session/refusal "metadata: " (ex-message e))))))

(defn- check-start [{:keys [state]} {:keys [rpc timeout-ns requests] number :call} {:keys [sends] :as call}]
  (when (<= (long number) (long (:highest @state)))
    (throw (session/refusal "call: " number " given, a number over " (:highest @state) " expected")))
  (when (neg? (long timeout-ns))
    (throw (session/refusal "timeout_ns: " timeout-ns " given, 0 or more expected")))
  (when-not (or sends (= 1 (count requests)))
    (throw (session/refusal "requests: " (count requests) " given, " (name rpc) " takes exactly 1")))
  (session-call/check-requests call requests))

(defn- start! [{:keys [state output] :as session} {:keys [channel rpc metadata requests] number :call :as command}]
  (let [{:keys [channel]} (channel-of session channel)
        method (or (session-messages/methods rpc)
                   (throw (session/refusal "rpc: " rpc " given, a method expected")))
        ended! #(swap! state update :running dissoc number)
        call (session-call/call command method (metadata-of metadata) output ended!)]
    (check-start session command call)
    (swap! state #(-> %
                      (assoc :highest number)
                      (assoc-in [:running number] call)))
    (session-call/start! call channel)))

(defn- with-call
  "Does something to a running call. One that has ended is passed over: nobody could know yet."
  [{:keys [state]} number step]
  (let [{:keys [running highest]} @state
        call (running number)]
    (cond
      call (step call)
      (not (<= 1 (long number) (long highest))) (throw (session/refusal "call: " number
                                                                        " given, which never was one")))))

(defn- obey! [{:keys [state] :as session} {kind :command :as command}]
  (locking state
    (when (:ending @state)
      (throw (session/refusal "the session is ending")))
    (case kind
      :open-channel (open! session command)
      :close-channel (close! session (:channel command))
      :start (start! session command)
      :send (with-call session (:call command) #(session-call/send! % (:requests command)))
      :half-close (with-call session (:call command) session-call/half-close!)
      :receive (with-call session (:call command) #(session-call/receive! % (:credit command)))
      :cancel (with-call session (:call command) session-call/cancel!)
      (throw (session/refusal "command: " (if (keyword? kind) (name kind) kind)
                              " given, one for a client expected")))))

(defn run-commands!
  "Obeys commands to the end of the input; nil, or what is wrong with it."
  [{:keys [output] :as session} input]
  (session/obey-all! input output #(obey! session %)))

(defn- await-none! [state]
  (let [none (promise)
        look (fn [{:keys [running]}] (when (empty? running) (deliver none true)))]
    (add-watch state ::end (fn [_ _ _ after] (look after)))
    (look @state)
    (deref none end-millis nil)))

(defn end!
  "Cancels what is open."
  [{:keys [state output] :as session}]
  (locking state
    (swap! state assoc :ending true)
    (run! #(close! session %) (keys (:channels @state))))
  (await-none! state)
  (session/close! output))
