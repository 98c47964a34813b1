(ns stock.context
  "What the handlers find in a call's context beside gRPC's own."
  (:require
   [stock.store :as store])
  (:import
   (io.grpc Context Context$Key)))

(def ^Context$Key store-key
  "The store that the call works on; absent: the default one."
  (Context/key "stock-store"))

(def ^Context$Key send-headers-key
  "A function that sends the initial metadata, which gRPC would send with the first response."
  (Context/key "stock-send-headers"))

(defn current-store
  "The store of the current call."
  [stores]
  (or (.get store-key) (store/named stores "")))

(defn send-headers!
  "Sends the initial metadata of the current call, if nobody has yet."
  []
  (when-let [send (.get send-headers-key)]
    (send)))
