(ns stock.rehearsal
  "Loads the classes that the two programs load, for the archive that the launcher keeps of them."
  (:require
   [stock.client-session :as client-session]
   [stock.options.client :as client-options]
   [stock.options.server :as server-options]
   [stock.options.words :as words]
   [stock.program :as program]
   [stock.server-session :as server-session]
   [stock.stock-client]
   [stock.stock-server]
   [stock.warmup :as warmup])
  (:import
   (java.io ByteArrayOutputStream InputStream))
  (:gen-class))

(defn -main
  "Serves and calls once."
  [& _]
  (program/take-streams!)
  (server-options/parse (words/from-text ["--port=0" "--grace-seconds=1"]))
  (client-options/parse (words/from-text ["get" "key" "--server=localhost:1" "--timeout-seconds=1"]))
  (let [server (server-session/start (ByteArrayOutputStream.))
        client (client-session/start (ByteArrayOutputStream.))]
    (server-session/run-commands! server (InputStream/nullInputStream))
    (server-session/end! server 0)
    (client-session/run-commands! client (InputStream/nullInputStream))
    (client-session/end! client))
  (warmup/run-through!)
  (System/exit 0))
