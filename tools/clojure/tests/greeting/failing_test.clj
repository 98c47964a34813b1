(ns greeting.failing-test
  (:require
   [clojure.test :refer [deftest is]]))

(deftest one-fails
  (is (= 1 2) "as it must"))

(deftest one-asserts-nothing)

(deftest one-passes
  (is true))
