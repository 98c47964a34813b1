(ns compile
  "The compiler of the Clojure rules: `clojure.main compile.clj -classpath JARS -d FOLDER SOURCES...`, as javac.

  Clojure finds a namespace's file by its name, and compiles what is loaded; so the sources are laid out by the names
  that they declare, and each is loaded once, in the order of the names but for those that another one needs first.
  All is done by one thread of one process: names of functions' classes are counted."
  (:require
   [clojure.java.io :as io]
   [clojure.string :as str])
  (:import
   (clojure.lang Compiler DynamicClassLoader)
   (java.io File PushbackReader StringWriter)
   (java.nio.file Files)
   (java.nio.file.attribute FileAttribute)))

(def ^:private options
  "Calls between namespaces are linked directly, and what only a person at a prompt would read is left out."
  {:direct-linking true, :elide-meta [:doc :file :line :column :added]})

(defn- fail! [reason]
  (binding [*out* *err*]
    (println reason))
  (System/exit 1))

(defn- declared
  "The name of the namespace that a file declares, which its first form does."
  [file]
  (with-open [reader (PushbackReader. (io/reader file))]
    (let [form (read {:eof nil} reader)]
      (if (and (seq? form) (= 'ns (first form)) (symbol? (second form)))
        (second form)
        (fail! (str file ": begins with no ns form"))))))

(defn- path-of [namespace]
  (str (-> (str namespace) (str/replace "-" "_") (str/replace "." "/")) ".clj"))

(defn- lay-out!
  "Copies sources to where their namespaces are looked for; the namespaces."
  [folder sources]
  (vec (for [source sources
             :let [namespace (declared source)
                   file (io/file folder (path-of namespace))]]
         (do
           (when (.exists file)
             (fail! (str source ": another source declares " namespace)))
           (io/make-parents file)
           (io/copy (io/file source) file)
           namespace))))

(defn- loader ^DynamicClassLoader [places]
  (let [loader (DynamicClassLoader. (.getContextClassLoader (Thread/currentThread)))]
    (doseq [^File place places]
      (.addURL loader (.toURL (.toURI place))))
    loader))

(defn- compile-all!
  "Compiles namespaces; what the compiler has to say of them."
  [namespaces places classes]
  (let [said (StringWriter.)]
    (with-bindings {Compiler/LOADER (loader places)}
      (binding [*compile-path* (str classes)
                *compiler-options* options
                *warn-on-reflection* true
                *err* said]
        (doseq [namespace (sort namespaces)
                :when (not (contains? (loaded-libs) namespace))]
          (compile namespace))))
    (str said)))

(defn- warnings
  "Lines that tell of our own sources; those of third-party code are not ours to mend."
  [said namespaces]
  (let [paths (map path-of namespaces)]
    (filter (fn [line] (some #(str/includes? line (str " " % ":")) paths)) (str/split-lines said))))

(defn- message [^Throwable error]
  (str/join ": " (distinct (map ex-message (take-while some? (iterate ex-cause error))))))

(let [[flags sources] (split-at 4 *command-line-args*)
      {classpath "-classpath", classes "-d"} (apply hash-map flags)
      folder (.toFile (Files/createTempDirectory "namespaces" (make-array FileAttribute 0)))
      namespaces (lay-out! folder sources)
      places (concat [folder (io/file classes)] (map io/file (remove str/blank? (str/split classpath #":"))))
      said (try
             (compile-all! namespaces places classes)
             (catch Throwable error
               (fail! (message error))))
      found (warnings said namespaces)]
  (run! io/delete-file (reverse (file-seq folder)))
  (when (seq found)
    (fail! (str/join "\n" found)))
  (shutdown-agents))
