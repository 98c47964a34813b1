(ns stock.options-test
  (:require
   [clojure.test :refer [are deftest is]]
   [stock.options.client :as client-options]
   [stock.options.server :as server-options]
   [stock.options.words :as words])
  (:import
   (clojure.lang ExceptionInfo)))

(defn- reason [parse texts]
  (try
    (parse (words/from-text texts))
    :accepted
    (catch ExceptionInfo e
      (is (= :usage (:error (ex-data e))))
      (ex-message e))))

(defn- server [& texts]
  (server-options/parse (words/from-text texts)))

(defn- client [& texts]
  (client-options/parse (words/from-text texts)))

(deftest a-server-has-defaults
  (is (= {:mode :serve
          :host "127.0.0.1"
          :port 50051
          :security "plaintext"
          :cert-file nil
          :key-file nil
          :client-ca-file nil
          :grace-nanos 3000000000
          :max-receive-bytes 4194304
          :conformance false}
         (server))))

(deftest a-server-takes-flags
  (is (= {:mode :help} (server "--help")))
  (is (= {:mode :version} (server "--version" "stray")))
  (is (= {:mode :session, :grace-nanos 0} (server "--session" "--grace-seconds=0" "--conformance")))
  (is (= 8 (:port (server "--port=7" "--port" "8"))))
  (is (= 250000001 (:grace-nanos (server "--grace-seconds=0.2500000001"))))
  (is (= "plaintext" (:security (server "--tls-mode" "disabled"))))
  (is (= "tls" (:security (server "--tls-mode=server" "--cert-file=c" "--key-file=k"))))
  (is (= "mtls" (:security (server "--tls-mode=manual" "--cert-file=c" "--key-file=k" "--client-ca-file=r"))))
  (is (= "::1" (:host (server "--host=::1"))))
  (is (= "0.0.0.0" (:host (server "--host" "0.0.0.0" "--allow-plaintext-network")))))

(deftest a-server-refuses
  (are [expected texts] (= expected (reason server-options/parse texts))
    "unknown flag: --por" ["--por=1"]
    "unknown flag: --\\x0a" ["--\n"]
    "--session takes no value" ["--session="]
    "--port needs a value" ["--port"]
    "--port: \"65536\" given, a number from 0 to 65535 expected" ["--port=65536"]
    "--port: \"+1\" given, a number from 0 to 65535 expected" ["--port=+1" "--port=1"]
    "--host: \"\" given, a value that is not empty expected" ["--host="]
    "--grace-seconds: \"1e3\" given, seconds like 5 or 0.25 expected" ["--grace-seconds=1e3"]
    "--max-receive-bytes: \"0\" given, a number from 1 to 2147483647 expected" ["--max-receive-bytes" "0"]
    "--tls-mode: \"TLS\" given, none, tls or mtls expected" ["--tls-mode=TLS"]
    "--tls-mode tls needs --key-file" ["--tls-mode=tls" "--cert-file=c"]
    "--tls-mode mtls needs --client-ca-file" ["--tls-mode=mtls" "--cert-file=c" "--key-file=k"]
    "--client-ca-file does not go with --tls-mode tls"
    ["--tls-mode=tls" "--cert-file=c" "--key-file=k" "--client-ca-file=r"]
    "--cert-file does not go with --tls-mode none" ["--cert-file=c"]
    "--host 0.0.0.0 without TLS needs --allow-plaintext-network" ["--host=0.0.0.0"]
    "--session goes without --port" ["--session" "--port=1"]
    "stray argument: -5" ["-5"]
    "stray argument: --port" ["--" "--port"]))

(deftest a-client-takes-operations
  (is (= {:mode :operate
          :operation :get
          :arguments ["-k"]
          :host "127.0.0.1"
          :port 50051
          :timeout-nanos 5000000000
          :max-receive-bytes 4194304
          :count 0}
         (client "get" "-k")))
  (is (= ["a" "--b"] (:arguments (client "--timeout-seconds=1" "put" "a" "--" "--b"))))
  (is (= ["::1" 7] ((juxt :host :port) (client "inventory" "--server=[::1]:7"))))
  (is (= {:ca-file "r", :cert-file nil, :key-file nil, :server-name "n"}
         (:tls (client "inventory" "--tls" "--ca-file=r" "--server-name=n"))))
  (is (= {:mode :session} (client "--session"))))

(deftest a-client-refuses
  (are [expected texts] (= expected (reason client-options/parse texts))
    "an operation is needed" []
    "unknown operation: fetch" ["fetch"]
    "get needs KEY" ["get"]
    "stray argument: b" ["get" "a" "b"]
    "--count does not go with get" ["get" "a" "--count=1"]
    "--ca-file needs --tls" ["get" "a" "--ca-file=r"]
    "--cert-file needs --key-file" ["get" "a" "--tls" "--cert-file=c"]
    "--key-file needs --cert-file" ["get" "a" "--tls" "--key-file=c"]
    "--server: \"host\" given, HOST:PORT expected" ["get" "a" "--server=host"]
    "--server: \"h:0\" given, HOST:PORT expected" ["get" "a" "--server=h:0"]
    "--server: \"[1.2.3.4]:5\" given, HOST:PORT expected" ["get" "a" "--server=[1.2.3.4]:5"]
    "--session goes without an operation: get" ["--session" "get"]
    "--session goes without --tls" ["--session" "--tls"]))

(deftest keys-are-text-and-values-are-bytes
  (is (= "get: \"\\xff\" given, UTF-8 expected"
         (try (client-options/parse ["get" "\u00ff"]) (catch ExceptionInfo e (ex-message e)))))
  (is (= ["put" "k" "\u00ff"] (let [{:keys [operation arguments]} (client-options/parse ["put" "k" "\u00ff"])]
                                (into [(name operation)] arguments)))))

(deftest items-and-orders
  (is (= ["a" "b=c"] (let [{:keys [key value]} (client-options/item "a=b=c")] [key (String. ^bytes value)])))
  (is (= "batch: \"ab\" given, KEY=VALUE expected" (reason #(client-options/item (first %)) ["ab"])))
  (is (= {:type :buy, :symbol "a:b", :quantity -5} (client-options/order "buy:a:b:-5")))
  (is (= {:type :query, :symbol "a:5", :quantity 0} (client-options/order "query:a:5")))
  (are [word] (re-find #"^trade: " (reason #(client-options/order (first %)) [word]))
    "hold:a:1"
    "buy:a"
    "buy:a:2147483648"
    "sell:a:1.5"))
