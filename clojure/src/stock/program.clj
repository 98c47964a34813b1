(ns stock.program
  "What the two programs have in common: their standard streams, their ends and their exit codes."
  (:require
   [stock.lines :as lines]
   [stock.log :as log])
  (:import
   (java.io FileDescriptor FileOutputStream IOException OutputStream PrintStream UncheckedIOException)
   (java.util.concurrent BlockingQueue LinkedBlockingQueue TimeUnit)))

(def exit-codes
  "An RPC that failed is :rpc plus its status code."
  {:ok 0, :not-serving 1, :usage 2, :cannot-bind 3, :internal 4, :rpc 64})

(defn take-streams!
  "Takes the standard streams from the process: what libraries print goes to standard error from here on."
  []
  (System/setOut System/err)
  (log/to! System/err)
  {:input System/in, :output (FileOutputStream. FileDescriptor/out), :log System/err})

(defn write!
  "Writes bytes to standard output."
  [{:keys [^OutputStream output]} ^bytes bytes]
  (try
    (.write output bytes)
    (.flush output)
    (catch IOException e
      (throw (UncheckedIOException. "standard output cannot be written" e)))))

(defn print!
  "Prints on standard output, in UTF-8 whatever the locale."
  [streams ^String text]
  (write! streams (.getBytes text "UTF-8")))

(defn error!
  "Prints on standard error; returns an exit code of a name."
  [{:keys [^PrintStream log]} ^String text code]
  (.write log (.getBytes text "UTF-8"))
  (.flush log)
  (exit-codes code))

(defn explain!
  "Prints what went wrong, in a line, and the usage after a command line that breaks the grammar; returns the exit
  code. Errors that are of no program's making are thrown on."
  [streams usage fault]
  (case (:error (ex-data fault))
    :usage (error! streams (str (ex-message fault) "\n" usage) :usage)
    :credentials (error! streams (str (ex-message fault) "\n") :usage)
    :cannot-bind (error! streams (str (ex-message fault) "\n") :cannot-bind)
    (throw fault)))

(defn run!!
  "Runs a program and ends the process with its exit code, whatever threads are left. A fault of its own is a line
  and the exit code for that."
  [streams program]
  (let [code (try
               (program)
               (catch Exception e
                 (error! streams (str (lines/one-line (str "internal fault: " e)) "\n") :internal)))]
    (.halt (Runtime/getRuntime) (int code))))

(defn ends
  "What ends a program: a queue of ends."
  ^BlockingQueue []
  (LinkedBlockingQueue.))

(defn end!
  "Brings about an end."
  [^BlockingQueue ends]
  (.add ends :end))

(defn await-end
  "Waits for an end."
  [^BlockingQueue ends]
  (.take ends))

(defn catch-signals!
  "From here on the signals of this process are ends. The JDK has no other way to see a second one."
  [ends]
  (doseq [^String name ["TERM" "INT"]]
    (sun.misc.Signal/handle (sun.misc.Signal. name)
                            (reify sun.misc.SignalHandler
                              (handle [_ _] (end! ends))))))

(defn daemon!
  "Starts a thread that does not keep the process alive."
  ^Thread [^String name ^Runnable work]
  (doto (Thread. work name)
    (.setDaemon true)
    (.start)))

(defn unless-again
  "Does work until it is done, another end comes or time is up; what is left of it goes on alone."
  [^BlockingQueue ends limit-nanos work]
  (daemon! "drain" #(try (work) (finally (end! ends))))
  (.poll ends (long limit-nanos) TimeUnit/NANOSECONDS))

(defn reading!
  "Reads a session's commands in a thread of its own, which is left behind where another end comes; brings about the
  end when the input ends, or is found at fault. Returns a promise of the fault's reason or nil."
  [ends read!]
  (let [fault (promise)]
    (daemon! "commands"
             #(try
                (deliver fault (read!))
                (catch IOException e
                  (deliver fault (str "standard input cannot be read: " (ex-message e))))
                (finally
                  (deliver fault "the session's thread has failed")
                  (end! ends))))
    fault))

(defn session-code!
  "The exit code of a session whose input has ended, or another end has come; says what was wrong with the input."
  [streams fault]
  (if-let [reason (deref fault 0 nil)]
    (error! streams (str reason "\n") :internal)
    (exit-codes :ok)))
