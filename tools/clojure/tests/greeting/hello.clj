(ns greeting.hello
  "Greets who it was given."
  (:require
   [clojure.string :as str]
   [greeting.words :as words])
  (:gen-class))

(defn -main
  "Prints one line."
  [& names]
  (println (words/greet (str/join " " names))))
