(ns stock.session
  "What the sessions of both roles have in common: frames in, events out.

  A frame is four bytes of length, big-endian, then one message."
  (:require
   [stock.about :refer [about]]
   [stock.listener :as listener]
   [stock.log :as log]
   [stock.program :as program]
   [stock.session-messages :as session-messages])
  (:import
   (com.google.common.net InetAddresses)
   (com.google.protobuf MessageLite)
   (java.io BufferedInputStream ByteArrayOutputStream IOException InputStream OutputStream)
   (java.nio ByteBuffer)
   (java.util ArrayList)
   (java.util.concurrent LinkedBlockingQueue)
   (java.util.logging Level)))

(def ^:private most-bytes (* 16 1024 1024))
(def ^:private close-millis 1000)

(def ^:private key-types
  "BoringSSL verifies no P-521."
  ["key_type:rsa2048" "key_type:rsa4096" "key_type:p256" "key_type:p384"])

(defn refusal
  "An error for a command that cannot be obeyed: which field, what was given, what was expected."
  [& reason]
  (ex-info (apply str reason) {:error :refused}))

(defn- write-frame! [^MessageLite event ^ByteArrayOutputStream frames]
  (let [size (.getSerializedSize event)]
    (if (> size (long most-bytes))
      (log/log! Level/SEVERE "session" nil "an event of" size "bytes is lost")
      (do
        (.writeBytes frames (.array (.putInt (ByteBuffer/allocate 4) size)))
        (.writeTo event frames)))))

(defn- write-all!
  "Writes what sources have until the queue is closed. What is ready together leaves in one write."
  [^LinkedBlockingQueue queue ^OutputStream stream]
  (loop []
    (let [sources (ArrayList.)
          frames (ByteArrayOutputStream.)]
      (.add sources (.take queue))
      (.drainTo queue sources)
      (doseq [source sources
              :when (not= :end source)
              event (source)]
        (write-frame! event frames))
      (.writeTo frames stream)
      (.flush stream)
      (when-not (.contains sources :end)
        (recur)))))

(defn output
  "Writes events in a thread of its own, so that nobody waits for the runner. Its memory is bounded only by a runner
  that reads."
  [stream]
  (let [queue (LinkedBlockingQueue.)]
    {:queue queue
     :writer (program/daemon! "output"
                              #(try
                                 (write-all! queue stream)
                                 ;; The end of standard input ends the session.
                                 (catch IOException e
                                   (log/log! Level/WARNING "session" e "cannot write to the runner"))))}))

(defn push!
  "Queues a source: a function that is called once and gives events to write."
  [{:keys [^LinkedBlockingQueue queue]} source]
  (.add queue source))

(defn send!
  "Queues an event."
  [output event]
  (push! output (constantly [event])))

(defn close!
  "Writes what is queued. What comes later is lost, and what a runner does not read in time."
  [{:keys [^Thread writer] :as output}]
  (push! output :end)
  (.join writer (long close-millis))
  (when (.isAlive writer)
    (log/log! Level/WARNING "session" nil "the runner does not read")))

(defn hello!
  "Says what this program is and can do."
  [output role & abilities]
  (send! output (session-messages/hello about role (into (vec abilities) key-types))))

(defn- read-frame
  "The next frame's bytes; nil at the end of the input; a string for what is no frame."
  [^InputStream input]
  (let [head (.readNBytes input 4)]
    (case (alength head)
      0 nil
      4 (let [size (Integer/toUnsignedLong (.getInt (ByteBuffer/wrap head)))]
          (if (> size (long most-bytes))
            (str "a frame of " size " bytes; at most " most-bytes)
            (let [body (.readNBytes input (int size))]
              (if (= size (alength body)) body "standard input ends within a frame"))))
      "standard input ends within a frame")))

(defn obey-all!
  "Obeys commands to the end of the input; one that cannot be obeyed is answered by a failure. Returns nil, or the
  reason why the input is no stream of frames, which ends the session."
  [input output obey!]
  (let [input (BufferedInputStream. input 65536)]
    (loop []
      (let [frame (read-frame input)]
        (cond
          (nil? frame) nil
          (string? frame) frame
          :else (if-let [command (session-messages/command frame)]
                  (do
                    (try
                      (obey! command)
                      (catch clojure.lang.ExceptionInfo e
                        (when-not (#{:refused :credentials :cannot-bind} (:error (ex-data e)))
                          (throw e))
                        (send! output (session-messages/failure (:id command) (ex-message e)))))
                    (recur))
                  "a frame does not decode as a Command"))))))

(defn address
  "The address that a command gives as a literal."
  [^String host]
  (when-not (InetAddresses/isInetAddress host)
    (throw (refusal "host: \"" host "\" given, a literal address expected")))
  (InetAddresses/forString host))

(defn security
  "The security that a command gives."
  [given]
  (if (string? given)
    given
    (throw (refusal "security: " (:given given) " given, plaintext, tls or mtls expected"))))

(defn max-receive-bytes
  "The limit that a command gives: 0 is the usual one, and none is above what Java can hold."
  [given]
  (if (zero? (long given)) listener/default-receive-bytes (min (long given) Integer/MAX_VALUE)))
