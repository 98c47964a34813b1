(ns stock.warmup
  "Has the machine load and compile what calls take, by calls to a listener of its own over mutual TLS. Else the first
  calls of a session would wait for that, which takes seconds where many programs start at once: longer than a deadline
  may allow."
  (:require
   [stock.calls :as calls]
   [stock.channel :as channel]
   [stock.credentials :as credentials]
   [stock.directive :as directive]
   [stock.ephemeral :as ephemeral]
   [stock.listener :as listener]
   [stock.log :as log]
   [stock.messages :as messages]
   [stock.store :as store])
  (:import
   (com.google.protobuf ByteString)
   (java.net InetAddress InetSocketAddress)
   (java.util.logging Level)))

;; After this a listener or a channel does without: a runner waits too.
(def ^:private patience-millis 3000)

;; Enough for the compiler to begin.
(def ^:private times 20)

(defn- call-all! [caller]
  (dotimes [_ times]
    (calls/unary caller messages/put-value {:key "key", :value ByteString/EMPTY}))
  (calls/unary caller messages/get-value {:key "key"})
  (calls/unary caller messages/inventory {})
  (calls/batch caller [])
  ((:cancel! (calls/streaming caller messages/monitor [{:key-prefix ""}])))
  (let [order {:type :buy, :symbol "symbol", :quantity 1}
        {:keys [responses cancel!]} (calls/streaming caller messages/trade [order])]
    (into [] responses)
    (cancel!)))

(defn- serve-and-call! [{:keys [chain] :as identity}]
  (let [loopback (InetAddress/getLoopbackAddress)
        stores (store/stores)
        listener (listener/listen {:address loopback
                                   :port 0
                                   :security "mtls"
                                   :credentials (credentials/server identity chain)
                                   :max-receive-bytes listener/default-receive-bytes}
                                  stores
                                  [(directive/interceptor stores (fn [_ _]))])
        channel (channel/open {:address (InetSocketAddress. loopback (int (:port listener)))
                               :credentials (credentials/client chain identity)
                               :authority "localhost"
                               :max-receive-bytes listener/default-receive-bytes})]
    (try
      (call-all! {:channel (:channel channel), :timeout-nanos 10000000000})
      (finally
        (channel/close! channel)
        (listener/drain! listener 0)))))

(defn run-through!
  "Warms up."
  []
  (try
    (serve-and-call! (ephemeral/mint))
    ;; Whatever is wrong will show.
    (catch Exception e
      (log/log! Level/WARNING "warmup" e "the machine is not warm"))))

(defn start!
  "Begins to warm up."
  []
  (future (run-through!)))

(defn await-warm
  "Waits until everything is warm, or has taken too long."
  [warmup]
  (deref warmup patience-millis nil))
