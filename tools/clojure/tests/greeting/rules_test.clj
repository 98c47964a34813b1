(ns greeting.rules-test
  "A program, the runner of tests, and the compiler."
  (:require
   [clojure.java.io :as io]
   [clojure.string :as str]
   [clojure.test :refer [deftest is]])
  (:import
   (java.io File)
   (java.nio.file Files)
   (java.nio.file.attribute FileAttribute)
   (java.security MessageDigest)
   (java.util List)
   (java.util.jar JarFile)))

(defn- run
  "Runs a program: its exit code, and what it says."
  [& words]
  (let [builder (doto (ProcessBuilder. ^List (vec words)) (.redirectErrorStream true))]
    (doseq [name ["HOME" "XDG_CACHE_HOME" "TESTBRIDGE_TEST_ONLY" "XML_OUTPUT_FILE"]]
      (.remove (.environment builder) name))
    (let [process (.start builder)
          said (slurp (.getInputStream process))]
      [(.waitFor process) said])))

(defn- program [variable & words]
  (apply run (System/getenv variable) words))

(deftest the-program-greets
  (is (= [0 "hello, you é\n"] (program "PROGRAM" "you" "é"))))

(deftest classes-are-newer-than-their-sources
  ;; Else Clojure would compile its core at each start.
  (with-open [jar (JarFile. (str (System/getenv "PROGRAM") ".jar"))]
    (let [time-of (fn [^String name] (.getTime (.getEntry jar name)))]
      (is (< (time-of "clojure/core.clj") (time-of "clojure/core__init.class"))))))

(deftest a-failure-is-one
  (let [[code said] (program "FAILING")]
    (is (= 1 code))
    (is (str/includes? said "FAILED  greeting.failing-test/one-fails"))
    (is (str/includes? said "as it must"))
    (is (str/includes? said "the test asserts nothing"))
    (is (str/includes? said "ok      greeting.failing-test/one-passes"))))

(deftest no-test-is-a-failure
  (let [[code said] (program "EMPTY")]
    (is (= 1 code))
    (is (str/includes? said "no test was run"))))

(defn- new-folder ^File [name]
  (.toFile (Files/createTempDirectory name (make-array FileAttribute 0))))

(defn- compiled
  "Compiles sources, texts by the names of their files: the exit code, what is said, and digests by names of classes."
  [sources]
  (let [classes (new-folder "classes")
        folder (new-folder "sources")
        files (vec (for [[name text] sources
                         :let [file (io/file folder name)]]
                     (do
                       (spit file text)
                       (str file))))
        java (str (System/getProperty "java.home") "/bin/java")
        compiler (str/replace (System/getenv "COMPILER") " " ":")
        machine (into [java "-cp" compiler] (str/split (System/getenv "FLAGS") #" "))
        script ["clojure.main" (System/getenv "SCRIPT") "-classpath" compiler "-d" (str classes)]
        [code said] (apply run (concat machine script files))
        digest #(.digest (MessageDigest/getInstance "SHA-256") %)]
    [code said (into {} (for [^File file (file-seq classes) :when (.isFile file)]
                          [(.getName file) (vec (digest (Files/readAllBytes (.toPath file))))]))]))

(deftest reflection-is-an-error
  (let [[code said] (compiled {"a.clj" "(ns a)\n(defn f [x] (.length x))\n"})]
    (is (= 1 code))
    (is (str/includes? said "Reflection warning, a.clj:2:13"))))

(deftest what-does-not-compile-is-told
  (let [[code said] (compiled {"a.clj" "(ns a)\n(undefined)\n"})]
    (is (= 1 code))
    (is (str/includes? said "Unable to resolve symbol: undefined")))
  (let [[code said] (compiled {"a.clj" "(println 1)\n"})]
    (is (= 1 code))
    (is (str/includes? said "a.clj: begins with no ns form")))
  (let [[code said] (compiled {"a.clj" "(ns a)\n", "b.clj" "(ns a)\n"})]
    (is (= 1 code))
    (is (str/includes? said "another source declares a"))))

(deftest equal-sources-make-equal-classes
  ;; A function that closes over many locals: the compiler keeps those by their identity.
  (let [names (map #(str "x" %) (range 40))
        text (str "(ns a (:require [b]))\n(defn f [m]\n  (let [" (str/join " " (map #(str % " (get m '" % ")") names)) "]\n"
                  "    (fn [] [" (str/join " " (reverse names)) " b/one])))\n")
        sources {"a.clj" text, "b.clj" "(ns b)\n(def one 1)\n(defn g [x] (fn [] x))\n"}
        [code said classes] (compiled sources)]
    (is (= [0 ""] [code said]))
    (is (contains? classes "a__init.class"))
    (is (= classes (nth (compiled (into {} (reverse sources))) 2)))))
