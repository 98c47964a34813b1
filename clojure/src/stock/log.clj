(ns stock.log
  "The log: a line of standard error each, `TIME LEVEL LOGGER: MESSAGE: CAUSE`. It is java.util.logging's, where gRPC's
  own lines come from too."
  (:require
   [clojure.string :as str]
   [stock.lines :as lines])
  (:import
   (java.io PrintStream)
   (java.time.temporal ChronoUnit)
   (java.util.logging Filter Formatter Level LogManager LogRecord Logger StreamHandler)))

;; Where grpc-java tells of failed handshakes, softly and with all that the engine knows. Held here: loggers are
;; forgotten by the JDK with what was set of them.
(def ^:private ^Logger handshakes
  (Logger/getLogger "io.grpc.netty.shaded.io.grpc.netty.ProtocolNegotiators"))

;; It warns of a machine that has no network but the loopback.
(def ^:private ^Logger hardware-addresses
  (Logger/getLogger "io.grpc.netty.shaded.io.netty.util.internal.MacAddressUtil"))

(defn log!
  "Writes words and a cause, or nil, to the logger of a namespace."
  [^Level level namespace ^Throwable cause & words]
  (let [logger (Logger/getLogger (str namespace))]
    (when (.isLoggable logger level)
      (.logp logger level nil nil (str/join " " words) cause))))

(defn- failed-handshake?
  "Passes failed handshakes, as warnings of one line."
  [^LogRecord line]
  (.setMessage line (str (first (str/split-lines (.getMessage line)))))
  (.setLevel line Level/WARNING)
  (str/starts-with? (.getMessage line) "TLS negotiation failed"))

(defn- cause
  "A fault in a few words; where it began, if it is a program's."
  [^Throwable fault]
  (let [place (first (.getStackTrace fault))]
    (str ": "
         (lines/one-line (str fault))
         (when (and place (nil? (ex-cause fault)) (instance? RuntimeException fault))
           (str " at " place)))))

(defn- formatter ^Formatter []
  (proxy [Formatter] []
    (format [^LogRecord line]
      (str (.truncatedTo (.getInstant line) ChronoUnit/MILLIS)
           " "
           (.getName (.getLevel line))
           " "
           (last (str/split (str (.getLoggerName line)) #"\."))
           ": "
           (lines/one-line (.formatMessage ^Formatter this line))
           (apply str (map cause (take-while some? (iterate ex-cause (.getThrown line)))))
           "\n"))))

(defn- handler [^PrintStream stream]
  (let [out (StreamHandler. stream (formatter))]
    (.setLevel out Level/ALL)
    (proxy [java.util.logging.Handler] []
      (publish [line]
        (.publish out line)
        (.flush out))
      (flush [] (.flush out))
      (close [] (.flush out)))))

(defn to!
  "Sends all loggers' lines to a stream, from WARNING up: at INFO, grpc-java tells of its frames."
  [stream]
  (.reset (LogManager/getLogManager))
  (doto (Logger/getLogger "")
    (.addHandler (handler stream))
    (.setLevel Level/WARNING))
  (.setLevel hardware-addresses Level/SEVERE)
  (.setLevel handshakes Level/FINE)
  (.setFilter handshakes (reify Filter
                           (isLoggable [_ line] (failed-handshake? line)))))
