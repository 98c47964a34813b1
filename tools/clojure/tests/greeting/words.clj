(ns greeting.words
  "A greeting that needs generated code, and with it the dependency layer."
  (:import
   (tofusoup.stock GetRequest)))

(defn greet
  "Greets who has a name."
  [^String name]
  (let [request (.. (GetRequest/newBuilder) (setKey name) build)]
    (str "hello, " (.getKey ^GetRequest request))))
