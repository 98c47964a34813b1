(ns stock.stock-server
  "The program stock_server: options, credentials, listen, ready line, drain."
  (:require
   [stock.about :as about]
   [stock.credentials :as credentials]
   [stock.directive :as directive]
   [stock.listener :as listener]
   [stock.options.server :as server-options]
   [stock.options.words :as words]
   [stock.pem :as pem]
   [stock.program :as program]
   [stock.server-session :as server-session]
   [stock.store :as store])
  (:import
   (clojure.lang ExceptionInfo)
   (java.net InetAddress UnknownHostException))
  (:gen-class))

(defn- credentials [{:keys [cert-file key-file client-ca-file]}]
  (when cert-file
    (let [identity (pem/read-identity (words/path cert-file) (words/path key-file))
          roots (when client-ca-file
                  (pem/certificates (pem/read-file (words/path client-ca-file)) "client roots"))]
      (credentials/server identity roots))))

(defn- address [^String host]
  (try
    (InetAddress/getByName host)
    (catch UnknownHostException e
      (throw (ex-info (str "cannot bind " (words/printable host) ": no such host") {:error :cannot-bind} e)))))

(defn- listen [{:keys [host port security max-receive-bytes conformance] :as options}]
  (let [credentials (credentials options)
        stores (store/stores)]
    (listener/listen {:address (address host)
                      :port port
                      :security security
                      :credentials credentials
                      :max-receive-bytes max-receive-bytes}
                     stores
                     (when conformance [(directive/interceptor stores (fn [_ _]))]))))

(defn- limit
  "When the process ends, whatever a peer does."
  [grace-nanos]
  (+ (long grace-nanos) (long listener/abort-nanos)))

(defn- serve! [{:keys [grace-nanos] :as options} streams ends]
  (let [listener (listen options)]
    (program/print! streams (str "Server listening on " (listener/endpoint listener) "\n"))
    (program/await-end ends)
    (program/unless-again ends (limit grace-nanos) #(listener/drain! listener grace-nanos))
    (program/exit-codes :ok)))

(defn- session! [{:keys [grace-nanos]} {:keys [input output] :as streams} ends]
  (let [session (server-session/start output)
        fault (program/reading! ends #(server-session/run-commands! session input))]
    (program/await-end ends)
    (program/unless-again ends (limit grace-nanos) #(server-session/end! session grace-nanos))
    (program/session-code! streams fault)))

(defn run-program
  "Serves until a signal has drained the server, or the end of a session's input; the exit code."
  [words streams ends]
  (try
    (let [{:keys [mode] :as options} (server-options/parse words)]
      (case mode
        :help (do (program/print! streams server-options/usage) (program/exit-codes :ok))
        :version (do (program/print! streams (str (about/line "stock_server") "\n")) (program/exit-codes :ok))
        :session (session! options streams ends)
        :serve (serve! options streams ends)))
    (catch ExceptionInfo e
      (program/explain! streams server-options/usage e))))

(defn -main
  "Runs the program and ends the process."
  [& arguments]
  (let [streams (program/take-streams!)
        ends (doto (program/ends) program/catch-signals!)]
    (program/run!! streams #(run-program (words/given arguments) streams ends))))
