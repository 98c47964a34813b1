(ns stock.testing
  "What several tests have in common: peers in this process, identities as PEM, sessions as a runner sees them."
  (:require
   [stock.channel :as channel]
   [stock.credentials :as credentials]
   [stock.directive :as directive]
   [stock.ephemeral :as ephemeral]
   [stock.listener :as listener]
   [stock.store :as store])
  (:import
   (java.net InetAddress InetSocketAddress)
   (java.security Key)
   (java.security.cert X509Certificate)
   (java.util Base64)))

(defn- armoured [label ^bytes content]
  (let [body (.encodeToString (Base64/getMimeEncoder 64 (.getBytes "\n")) content)]
    (str "-----BEGIN " label "-----\n" body "\n-----END " label "-----\n")))

(defn pem
  "An identity's chain and key as PEM."
  [{:keys [chain ^Key key]}]
  {:chain (apply str (map #(armoured "CERTIFICATE" (.getEncoded ^X509Certificate %)) chain))
   :key (armoured "PRIVATE KEY" (.getEncoded key))})

(def ^:private loopback (InetAddress/getByName "127.0.0.1"))

(defn with-peers
  "Calls `work` with a listener in conformance mode and a channel to it, in plaintext or mutual TLS: `:listener`,
  `:stores`, `:caller`, and the `:observed` tags with what was seen. Drains the listener then."
  [security work]
  (let [stores (store/stores)
        observed (atom [])
        {:keys [chain] :as identity} (when (= "mtls" security) (ephemeral/mint))
        report (fn [tag seen] (swap! observed conj [tag seen]))
        listener (listener/listen {:address loopback
                                   :port 0
                                   :security security
                                   :credentials (when identity (credentials/server identity chain))
                                   :max-receive-bytes 65536}
                                  stores
                                  [(directive/interceptor stores report)])
        channel (channel/open {:address (InetSocketAddress. ^InetAddress loopback (int (:port listener)))
                               :credentials (when identity (credentials/client chain identity))
                               :authority (when identity "localhost")
                               :max-receive-bytes 4194304})]
    (try
      (work {:listener listener
             :stores stores
             :observed observed
             :channel (:channel channel)
             :caller {:channel (:channel channel), :timeout-nanos 60000000000}})
      (finally
        (channel/close! channel)
        (listener/drain! listener 0)))))

(defn eventually
  "Whether a condition on an atom's value comes true within a minute."
  [state condition]
  (let [true-now (promise)
        watch (Object.)
        look (fn [value] (when (condition value) (deliver true-now true)))]
    (add-watch state watch (fn [_ _ _ after] (look after)))
    (look @state)
    (try
      (deref true-now 60000 false)
      (finally
        (remove-watch state watch)))))
