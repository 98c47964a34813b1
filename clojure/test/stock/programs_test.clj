(ns stock.programs-test
  (:require
   [clojure.string :as str]
   [clojure.test :refer [deftest is]])
  (:import
   (java.io BufferedReader)
   (java.util.concurrent TimeUnit)))

(defn- start ^Process [variable & words]
  (let [builder (ProcessBuilder. ^java.util.List (into [(System/getenv variable)] words))]
    (.remove (.environment builder) "HOME")
    (.remove (.environment builder) "XDG_CACHE_HOME")
    (.start builder)))

(defn- ended
  "The exit code of a process, and what it says."
  [^Process process]
  (.close (.getOutputStream process))
  (let [errors (future (slurp (.getErrorStream process)))
        output (slurp (.getInputStream process))]
    (is (.waitFor process 60 TimeUnit/SECONDS))
    [(.exitValue process) output @errors]))

(defn- client [& words]
  (ended (apply start "CLIENT" words)))

(defn- with-server
  "Calls `work` with the endpoint of a server, then ends it; its exit code."
  [work]
  (let [server (start "SERVER" "--port=0" "--grace-seconds=1")
        line (.readLine (BufferedReader. (.inputReader server)))]
    (try
      (is (re-matches #"Server listening on 127\.0\.0\.1:[0-9]+" (str line)))
      (work (str/replace (str line) #".* " ""))
      (.destroy server)
      (is (.waitFor server 60 TimeUnit/SECONDS))
      (.exitValue server)
      (finally
        (.destroyForcibly server)))))

(deftest operations-over-the-wire
  (let [code (with-server
               (fn [endpoint]
                 (let [call (fn [& words] (apply client "--server" endpoint "--timeout-seconds=60" words))]
                   (is (= [0 "OK\n" ""] (call "put" "k" "v\tv")))
                   (is (= [0 "v\tv\n" ""] (call "get" "k")))
                   (is (= [69 "" "NOT_FOUND: key not found: no\n"] (call "kv-get" "no")))
                   (is (= [0 "total=2 successful=1 failed=1 bytes=1\n" ""] (call "batch" "a=1" "=2")))
                   (is (= [0 "ok\ts\t2\tbought\nrejected\ts\t0\tinsufficient position: have 2, want 3\n" ""]
                          (call "trade" "buy:s:2" "sell:s:3")))
                   (is (= [0 "SERVING\n" ""] (call "health" "proto.KV")))
                   (is (str/includes? (second (call "inventory")) "metadata.language=clojure\n")))))]
    (is (= 0 code))))

(deftest wrong-usage-is-told
  (let [[code output errors] (client "get")]
    (is (= [2 ""] [code output]))
    (is (str/starts-with? errors "get needs KEY\nusage: stock_client OPERATION")))
  (let [[code output errors] (ended (start "SERVER" "--port=x"))]
    (is (= [2 ""] [code output]))
    (is (str/starts-with? errors "--port: \"x\" given, a number from 0 to 65535 expected\nusage: stock_server"))))

(deftest versions-are-one-line
  (is (re-matches #"stock_server [0-9.]+ clojure grpc-java [0-9.]+\n" (second (ended (start "SERVER" "--version"))))))

(deftest files-that-are-not-there-are-told
  (is (= [2 "" "/none: no such file\n"]
         (ended (start "SERVER" "--port=0" "--tls-mode=tls" "--cert-file=/none" "--key-file=/none")))))

(deftest a-session-ends-with-its-input
  (is (= 0 (first (ended (start "SERVER" "--session")))))
  (is (= 0 (first (ended (start "CLIENT" "--session"))))))
