(ns stock.options.server
  "The command line of stock_server."
  (:require
   [stock.options.grammar :as grammar]
   [stock.options.words :as words])
  (:import
   (com.google.common.net InetAddresses)))

(def ^:private flags
  [["host" "H" "address to bind (default 127.0.0.1)"]
   ["port" "N" "port to bind; 0 = any free one (default 50051)"]
   ["tls-mode" "MODE" "none, tls or mtls (default none)"]
   ["cert-file" "F" "the server's certificate chain, PEM"]
   ["key-file" "F" "the server's private key, PEM PKCS#8"]
   ["client-ca-file" "F" "roots for client certificates, PEM; mtls"]
   ["grace-seconds" "S" "time for running calls when the server drains (default 3)"]
   ["max-receive-bytes" "N" "largest message read, after decompression (default 4194304)"]
   ["allow-plaintext-network" nil "allow a host beyond loopback without TLS"]
   ["conformance" nil "obey the directives in request metadata"]
   ["session" nil "be driven by frames on standard input and output"]
   ["help" nil "print this and exit"]
   ["version" nil "print the version and exit"]])

(def usage
  "The usage of stock_server."
  (str "usage: stock_server [FLAGS]\n" (grammar/usage flags)))

(defn- mode
  "The mode of a name; those of upstream are known."
  [line given]
  (case given
    ("none" "tls" "mtls") given
    "disabled" "none"
    ("server" "manual") (if (grammar/has? line "client-ca-file") "mtls" "tls")
    nil))

(defn- serve [line]
  (let [mode (grammar/value line "tls-mode" "none, tls or mtls" #(mode line %) "none")]
    {:host (or (grammar/text line "host") "127.0.0.1")
     :port (grammar/integer line "port" 0 65535 50051)
     :security (if (= "none" mode) "plaintext" mode)
     :cert-file (grammar/text line "cert-file")
     :key-file (grammar/text line "key-file")
     :client-ca-file (grammar/text line "client-ca-file")
     :grace-nanos (grammar/nanoseconds line "grace-seconds" 3000000000)
     :max-receive-bytes (grammar/integer line "max-receive-bytes" 1 Integer/MAX_VALUE 4194304)
     :conformance (grammar/has? line "conformance")}))

(defn- loopback? [^String host]
  (if (InetAddresses/isInetAddress host)
    (.isLoopbackAddress (InetAddresses/forString host))
    (= "localhost" host)))

(defn- check-file [line security flag needed]
  (let [mode (if (= "plaintext" security) "none" security)]
    (when (and (grammar/has? line flag) (not needed))
      (throw (grammar/usage-error "--" flag " does not go with --tls-mode " mode)))
    (when (and needed (not (grammar/has? line flag)))
      (throw (grammar/usage-error "--tls-mode " mode " needs --" flag)))))

(defn- check [line {:keys [security host]}]
  (let [plaintext (= "plaintext" security)]
    (check-file line security "cert-file" (not plaintext))
    (check-file line security "key-file" (not plaintext))
    (check-file line security "client-ca-file" (= "mtls" security))
    (when (and plaintext (not (grammar/has? line "allow-plaintext-network")) (not (loopback? host)))
      (throw (grammar/usage-error "--host " (words/printable host) " without TLS needs --allow-plaintext-network")))))

(defn parse
  "What stock_server is asked for: `:mode` is :help, :version, :session or :serve, beside the values of its flags."
  [words]
  (let [line (grammar/parse flags words)
        serve (serve line)]
    (cond
      (grammar/has? line "help") {:mode :help}
      (grammar/has? line "version") {:mode :version}
      (seq (:arguments line)) (throw (grammar/usage-error "stray argument: "
                                                          (words/printable (first (:arguments line)))))
      (grammar/has? line "session") (do
                                      (grammar/check-session line #{"conformance" "grace-seconds"})
                                      {:mode :session, :grace-nanos (:grace-nanos serve)})
      :else (do
              (check line serve)
              (assoc serve :mode :serve)))))
