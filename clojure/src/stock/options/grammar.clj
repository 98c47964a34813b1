(ns stock.options.grammar
  "Takes a command line apart by a table of flags, and reads their values.

  It is our own because the grammar, which every language shares, is stricter than that of tools.cli, which takes -5
  for flags and lets a value for a flag without one pass.

  A flag is `[name value help]`; its value is what it is called, nil where it takes none. Words are bytes: stock.options.words."
  (:require
   [clojure.string :as str]
   [stock.options.words :as words]))

(defn usage-error
  "An error for a command line that breaks the grammar; the reason is one line that names what breaks it."
  [& reason]
  (ex-info (apply str reason) {:error :usage}))

(defn- flag-named [table name]
  (or (some (fn [[known :as flag]] (when (= known name) flag)) table)
      (throw (usage-error "unknown flag: --" (words/printable name)))))

(defn- taken
  "A line after a flag, and the words that are left."
  [table line word others]
  (let [[given attached] (str/split (subs word 2) #"=" 2)
        [name value] (flag-named table given)]
    (cond
      (and attached (nil? value)) (throw (usage-error "--" name " takes no value"))
      (nil? value) [(update-in line [:flags name] (fnil conj []) "") others]
      attached [(update-in line [:flags name] (fnil conj []) attached) others]
      (empty? others) (throw (usage-error "--" name " needs a value"))
      :else [(update-in line [:flags name] (fnil conj []) (first others)) (rest others)])))

(defn parse
  "A command line taken apart: `:flags`, the values of each flag given, and the other `:arguments`, in order."
  [table words]
  (loop [line {:flags {}, :arguments []}
         words words]
    (let [[word & others] words]
      (cond
        (nil? word) line
        (= "--" word) (update line :arguments into others)
        (str/starts-with? word "--") (let [[line left] (taken table line word others)]
                                       (recur line left))
        :else (recur (update line :arguments conj word) others)))))

(defn has?
  "Whether a flag is given."
  [line name]
  (contains? (:flags line) name))

(defn value
  "What the last value of a flag is read as, or another where it is not given; all values must be right. `read` gives
  nil for a value that is not what is expected."
  [line name expected read otherwise]
  (reduce (fn [_ given]
            (let [value (read given)]
              (if (nil? value)
                (throw (usage-error "--" name ": " (words/quoted given) " given, " expected " expected"))
                value)))
          otherwise
          (get-in line [:flags name])))

(defn text
  "The value of a flag, or nil."
  [line name]
  (value line name "a value that is not empty" not-empty nil))

(defn- read-integer [least most given]
  (when (re-matches #"[0-9]{1,19}" given)
    (let [number (bigint given)]
      (when (<= least number most)
        (long number)))))

(defn integer
  "The number that a flag gives, or another."
  [line name least most otherwise]
  (value line name (str "a number from " least " to " most) #(read-integer least most %) otherwise))

(defn- read-nanoseconds
  "Upwards: a fraction of a nanosecond is not 0."
  [given]
  (when (re-matches #"[0-9]{1,9}(\.[0-9]+)?" given)
    (.longValueExact (.setScale (.movePointRight (bigdec given) 9) 0 java.math.RoundingMode/CEILING))))

(defn nanoseconds
  "The time that a flag gives in seconds, or another."
  [line name otherwise]
  (value line name "seconds like 5 or 0.25" read-nanoseconds otherwise))

(defn check-session
  "Refuses the flags that make no sense in a session."
  [line allowed]
  (doseq [name (sort (keys (:flags line)))]
    (when-not (contains? (conj allowed "session") name)
      (throw (usage-error "--session goes without --" name)))))

(defn usage
  "The lines that tell of the flags."
  [table]
  (apply str
         (for [[name value help] table]
           (format "  %-26s %s\n" (str/trimr (str "--" name " " value)) help))))
