(ns stock-test.runner
  "Runs the tests of a clojure_test: `java stock_test.runner JAR`, in which the tests are."
  (:require
   [clojure.string :as str]
   [clojure.test :as test])
  (:import
   (java.util.jar JarEntry JarFile))
  (:gen-class))

(defn- environment [name]
  (or (System/getenv name) ""))

(defn- test-namespaces
  "Those of a jar whose names end in `-test`."
  [jar]
  (with-open [file (JarFile. (str jar))]
    (vec (sort (keep (fn [^JarEntry entry]
                       (some-> (re-matches #"(.*_test)__init\.class" (.getName entry))
                               second
                               (str/replace "/" ".")
                               (str/replace "_" "-")
                               symbol))
                     (enumeration-seq (.entries file)))))))

(defn- tests-of
  "The tests of a namespace whose names, `NAMESPACE/TEST`, have the filter in them."
  [namespace filter]
  (sort-by #(str (symbol %))
           (for [variable (vals (ns-interns namespace))
                 :when (and (:test (meta variable)) (str/includes? (str (symbol variable)) filter))]
             variable)))

(defn- run-test
  "Runs one test: its name, its seconds, and what it says where it fails."
  [variable]
  (let [said (java.io.StringWriter.)
        began (System/nanoTime)
        counts (binding [test/*report-counters* (ref test/*initial-report-counters*)
                         test/*test-out* said]
                 (test/test-vars [variable])
                 @test/*report-counters*)
        nothing (zero? (+ (long (:pass counts)) (long (:fail counts)) (long (:error counts))))]
    {:name (str (symbol variable))
     :seconds (/ (- (System/nanoTime) began) 1e9)
     :fault (cond
              nothing "the test asserts nothing"
              (pos? (+ (long (:fail counts)) (long (:error counts)))) (str said))}))

(defn- escaped [text]
  (-> (str/replace text #"[\x00-\x08\x0B\x0C\x0E-\x1F]" "\uFFFD")
      (str/replace "&" "&amp;")
      (str/replace "<" "&lt;")
      (str/replace ">" "&gt;")
      (str/replace "'" "&apos;")))

(defn- xml [suite outcomes]
  (str "<?xml version='1.0' encoding='UTF-8'?>\n<testsuites><testsuite name='" (escaped suite) "'>\n"
       (apply str (for [{:keys [name seconds fault]} outcomes]
                    (str "<testcase name='" (escaped name) "' classname='" (escaped suite)
                         "' time='" (format "%.3f" seconds) "'>"
                         (when fault (str "<failure>" (escaped fault) "</failure>"))
                         "</testcase>\n")))
       "</testsuite></testsuites>\n"))

(defn -main
  "Exits with 0 where all tests passed, with 1 where one failed or there was none."
  [jar]
  (let [filter (environment "TESTBRIDGE_TEST_ONLY")
        namespaces (test-namespaces jar)
        _ (run! require namespaces)
        outcomes (mapv run-test (mapcat #(tests-of % filter) namespaces))]
    (doseq [{:keys [name seconds fault]} outcomes]
      (println (format "%-7s %s (%.3f s)" (if fault "FAILED" "ok") name seconds))
      (when fault
        (println fault)))
    (flush)
    (when-let [file (not-empty (environment "XML_OUTPUT_FILE"))]
      (spit file (xml (environment "TEST_TARGET") outcomes)))
    (when (and (empty? outcomes) (= "" filter))
      (binding [*out* *err*]
        (println "stock-test.runner: no test was run")))
    (System/exit (if (or (some :fault outcomes) (and (empty? outcomes) (= "" filter))) 1 0))))
