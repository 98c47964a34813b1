(ns stock.stock-client
  "The program stock_client: options, then one operation, or a session. SIGINT ends it as it ends Java."
  (:require
   [stock.about :as about]
   [stock.channel :as channel]
   [stock.client-session :as client-session]
   [stock.credentials :as credentials]
   [stock.lines :as lines]
   [stock.operations :as operations]
   [stock.options.client :as client-options]
   [stock.options.words :as words]
   [stock.pem :as pem]
   [stock.program :as program])
  (:import
   (clojure.lang ExceptionInfo)
   (com.google.common.net InetAddresses)
   (io.grpc Status StatusRuntimeException)
   (java.io IOException)
   (java.net InetAddress InetSocketAddress))
  (:gen-class))

(defn- credentials [{:keys [ca-file cert-file key-file]}]
  (let [identity (when cert-file
                   (pem/read-identity (words/path cert-file) (words/path key-file)))
        roots (when ca-file
                (pem/certificates (pem/read-file (words/path ca-file)) "roots"))]
    (credentials/client roots identity)))

(defn- address [^String host port]
  (if (InetAddresses/isInetAddress host)
    (InetSocketAddress. ^InetAddress (InetAddresses/forString host) (int port))
    (InetSocketAddress. host (int port))))

(defn- operate! [{:keys [host port tls timeout-nanos max-receive-bytes] :as options} {:keys [input] :as streams}]
  (let [run-operation (operations/prepare options input)
        channel (channel/open {:address (address host port)
                               :credentials (when tls (credentials tls))
                               :authority (some-> (:server-name tls) words/text)
                               :max-receive-bytes max-receive-bytes})]
    (try
      (let [serving (run-operation {:channel (:channel channel), :timeout-nanos timeout-nanos} streams)]
        (program/exit-codes (if serving :ok :not-serving)))
      (finally
        (channel/close! channel)))))

(defn- session! [{:keys [input output] :as streams}]
  (let [session (client-session/start output)
        ends (program/ends)
        fault (program/reading! ends #(client-session/run-commands! session input))]
    (program/await-end ends)
    (client-session/end! session)
    (program/session-code! streams fault)))

(defn- failed! [streams ^Status status]
  (let [message (lines/one-line (or (.getDescription status) ""))]
    (program/error! streams (str (.getCode status) ": " message "\n") :internal)
    (+ (long (program/exit-codes :rpc)) (.value (.getCode status)))))

(defn run-program
  "Carries out one operation, or a session; the exit code."
  [words streams]
  (try
    (let [{:keys [mode] :as options} (client-options/parse words)]
      (case mode
        :help (do (program/print! streams client-options/usage) (program/exit-codes :ok))
        :version (do (program/print! streams (str (about/line "stock_client") "\n")) (program/exit-codes :ok))
        :session (session! streams)
        :operate (operate! options streams)))
    (catch ExceptionInfo e
      (program/explain! streams client-options/usage e))
    (catch IOException e
      (program/error! streams (str (ex-message e) "\n") :internal))
    (catch StatusRuntimeException e
      (failed! streams (.getStatus e)))))

(defn -main
  "Runs the program and ends the process, whatever threads are left."
  [& arguments]
  (let [streams (program/take-streams!)]
    (program/run!! streams #(run-program (words/given arguments) streams))))
