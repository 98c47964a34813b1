(ns stock.options.client
  "The command line of stock_client."
  (:require
   [clojure.string :as str]
   [stock.options.grammar :as grammar]
   [stock.options.words :as words])
  (:import
   (com.google.common.net InetAddresses)))

(def ^:private flags
  [["server" "H:P" "endpoint to call (default 127.0.0.1:50051)"]
   ["tls" nil "use TLS"]
   ["ca-file" "F" "roots for the server's certificate, PEM (default: the system's)"]
   ["cert-file" "F" "the client's certificate chain, PEM"]
   ["key-file" "F" "the client's private key, PEM PKCS#8"]
   ["server-name" "N" "name to verify the server's certificate against"]
   ["timeout-seconds" "S" "deadline of the call; 0 = none (default 5)"]
   ["max-receive-bytes" "N" "largest message read, after decompression (default 4194304)"]
   ["count" "N" "monitor: events to print; 0 = until stopped (default 0)"]
   ["session" nil "be driven by frames on standard input and output"]
   ["help" nil "print this and exit"]
   ["version" nil "print the version and exit"]])

(def ^:private tls-flags ["ca-file" "cert-file" "key-file" "server-name"])

(def ^:private operations
  "Their words, how many arguments they take at least and at most, and what these are called."
  [["get" 1 1 "KEY"]
   ["put" 2 2 "KEY VALUE|-"]
   ["delete" 1 1 "KEY"]
   ["monitor" 0 1 "[PREFIX] [--count N]"]
   ["batch" 0 nil "[KEY=VALUE ...]"]
   ["trade" 1 nil "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ..."]
   ["inventory" 0 0 ""]
   ["kv-get" 1 1 "KEY"]
   ["kv-put" 2 2 "KEY VALUE|-"]
   ["health" 0 1 "[SERVICE]"]])

(def usage
  "The usage of stock_client."
  (str "usage: stock_client OPERATION [ARGUMENTS] [FLAGS]\n"
       (apply str (for [[word _ _ arguments] operations] (str (str/trimr (str "  " word " " arguments)) "\n")))
       (grammar/usage flags)))

(defn- endpoint
  "Takes a host and a port apart, with an IPv6 address in brackets."
  [given]
  (when-let [[_ ^String literal name port] (re-matches #"(?:\[([^\]]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5})" given)]
    (let [port (parse-long port)]
      (when (and (<= 1 port 65535)
                 (or name (and (str/includes? literal ":") (InetAddresses/isInetAddress literal))))
        [(or literal name) port]))))

(defn- operation [line]
  (let [[word & arguments] (:arguments line)
        [_ least most names :as known] (some (fn [[each :as operation]] (when (= each word) operation)) operations)
        given (count arguments)]
    (cond
      (nil? word) (throw (grammar/usage-error "an operation is needed"))
      (nil? known) (throw (grammar/usage-error "unknown operation: " (words/printable word)))
      (< given least) (throw (grammar/usage-error word " needs " names))
      (and most (> given most)) (throw (grammar/usage-error "stray argument: "
                                                            (words/printable (nth arguments most))))
      ;; Elsewhere the first one is a key, a prefix or a name.
      (and (pos? given) (not (#{"batch" "trade"} word)) (nil? (words/text (first arguments))))
      (throw (grammar/usage-error word ": " (words/quoted (first arguments)) " given, UTF-8 expected"))
      :else {:operation (keyword word), :arguments (vec arguments)})))

(defn- check [line operation]
  (when (and (grammar/has? line "count") (not= :monitor operation))
    (throw (grammar/usage-error "--count does not go with " (name operation))))
  (when-not (grammar/has? line "tls")
    (doseq [name tls-flags :when (grammar/has? line name)]
      (throw (grammar/usage-error "--" name " needs --tls"))))
  (doseq [[one other] [["cert-file" "key-file"] ["key-file" "cert-file"]]]
    (when (and (grammar/has? line one) (not (grammar/has? line other)))
      (throw (grammar/usage-error "--" one " needs --" other)))))

(defn- session [line]
  (grammar/check-session line #{})
  (when-let [[operation] (seq (:arguments line))]
    (throw (grammar/usage-error "--session goes without an operation: " (words/printable operation))))
  {:mode :session})

(defn parse
  "What stock_client is asked for: `:mode` is :help, :version, :session or :operate, beside the operation with its
  arguments, which are words, and the values of its flags. `:tls` is nil in plaintext."
  [words]
  (let [line (grammar/parse flags words)
        [host port] (grammar/value line "server" "HOST:PORT" endpoint ["127.0.0.1" 50051])
        values {:mode :operate
                :host host
                :port port
                :timeout-nanos (grammar/nanoseconds line "timeout-seconds" 5000000000)
                :max-receive-bytes (grammar/integer line "max-receive-bytes" 1 Integer/MAX_VALUE 4194304)
                :count (grammar/integer line "count" 0 Long/MAX_VALUE 0)}
        tls (into {} (for [name tls-flags] [(keyword name) (grammar/text line name)]))]
    (cond
      (grammar/has? line "help") {:mode :help}
      (grammar/has? line "version") {:mode :version}
      (grammar/has? line "session") (session line)
      :else (let [operation (operation line)]
              (check line (:operation operation))
              (merge values operation (when (grammar/has? line "tls") {:tls tls}))))))

(defn item
  "Splits `KEY=VALUE` at its first `=`."
  [word]
  (let [[key value] (str/split word #"=" 2)]
    (when (nil? value)
      (throw (grammar/usage-error "batch: " (words/quoted word) " given, KEY=VALUE expected")))
    {:key (or (words/text key)
              (throw (grammar/usage-error "batch: " (words/quoted key) " given, a key of UTF-8 expected")))
     :value (words/bytes-of value)}))

(defn order
  "Splits `buy:SYMBOL:N` and `sell:SYMBOL:N` at the first colon and the last, `query:SYMBOL` at the first."
  [word]
  (let [[matched kind symbol number query] (re-matches #"(?s)(?:(buy|sell):(.*):(-?[0-9]{1,10})|query:(.*))" word)
        symbol (when matched (words/text (or symbol query)))
        quantity (if number (parse-long number) 0)]
    (when-not (and symbol (<= Integer/MIN_VALUE quantity Integer/MAX_VALUE))
      (throw (grammar/usage-error "trade: "
                                  (words/quoted word)
                                  " given, buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected")))
    {:type (if kind (keyword kind) :query), :symbol symbol, :quantity quantity}))
