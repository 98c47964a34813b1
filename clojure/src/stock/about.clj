(ns stock.about
  "What the two programs are: in Hello, in Inventory and to --version."
  (:require
   [clojure.string :as str]
   [stock.build-info :as build-info]))

(def about
  "As Hello has it."
  {:version build-info/version
   :language "clojure"
   :library (str "grpc-java " build-info/grpc-version)
   :runtime (str "clojure " (clojure-version) " on java " (System/getProperty "java.version"))
   :transport "netty"
   :tls-stack "boringssl"})

(defn line
  "What a program prints for --version: `stock_server 0.1.0 clojure grpc-java 1.85.0`."
  [program]
  (str/join " " [program (:version about) (:language about) (:library about)]))
