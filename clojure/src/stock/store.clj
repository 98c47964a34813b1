(ns stock.store
  "Worlds of keys, positions and subscribers: pure steps from one world to the next, and atoms that hold worlds."
  (:require
   [clojure.string :as str])
  (:import
   (clojure.lang PersistentQueue)
   (com.google.protobuf ByteString)
   (java.time Instant)))

(def queue-size
  "Changes that wait for a subscriber before it counts as too slow."
  1024)

(def ^:private most-key-bytes 1024)

(def ^:private empty-world
  {:values {}, :bytes 0, :positions {}, :subscribers {}, :last-subscriber 0, :last-tick 0})

(defn- utf8-size
  "The bytes of a character's UTF-8, a pair of surrogates counted at its first; nil where none can stand for it."
  [^String key ^long i]
  (let [c (.charAt key i)]
    (cond
      (Character/isHighSurrogate c) (when (and (< (inc i) (.length key))
                                               (Character/isLowSurrogate (.charAt key (inc i))))
                                      4)
      (Character/isLowSurrogate c) (when (and (pos? i) (Character/isHighSurrogate (.charAt key (dec i)))) 0)
      (zero? (int c)) nil
      (< (int c) 0x80) 1
      (< (int c) 0x800) 2
      :else 3)))

(defn valid-key?
  "Whether a key is 1 to 1,024 bytes of UTF-8 without U+0000."
  [^String key]
  (and (<= 1 (.length key) most-key-bytes)
       (let [bytes (reduce (fn [sum i]
                             (if-let [size (utf8-size key i)] (+ (long sum) (long size)) (reduced nil)))
                           0
                           (range (.length key)))]
         (boolean (and bytes (<= (long bytes) (long most-key-bytes)))))))

(defn- check-key [key]
  (when-not (valid-key? key)
    (throw (ex-info "invalid key: 1 to 1024 bytes of UTF-8 without NUL" {:error :invalid-key}))))

(defn- value-size ^long [^ByteString value]
  (if value (.size value) 0))

(defn- existing [world key]
  (or (get-in world [:values key])
      (throw (ex-info (str "key not found: " key) {:error :key-not-found}))))

(defn- tick [world now]
  (update world :last-tick #(max (long now) (inc (long %)))))

(defn- concerned? [subscriber change]
  (and (not (:overflown subscriber)) (str/starts-with? (:key change) (:prefix subscriber))))

(defn- offer [subscriber change]
  (cond
    (not (concerned? subscriber change)) subscriber
    (= queue-size (count (:queue subscriber))) (assoc subscriber :overflown true)
    :else (update subscriber :queue conj change)))

(defn- publish [world change]
  (let [change (assoc change :timestamp (:last-tick world))]
    (-> world
        (assoc :change change)
        (update :subscribers update-vals #(offer % change)))))

(defn- after-put [world now key value]
  (-> world
      (tick now)
      (update :bytes + (- (value-size value) (value-size (get-in world [:values key]))))
      (assoc-in [:values key] value)
      (publish {:deleted false, :key key, :value value})))

(defn- after-delete [world now key]
  (let [old (existing world key)]
    (-> world
        (tick now)
        (update :bytes - (value-size old))
        (update :values dissoc key)
        (publish {:deleted true, :key key, :value ByteString/EMPTY}))))

(defn- refusal
  "Why an order is refused, or nil. The order of the checks is the service's."
  [{:keys [type symbol quantity]} have]
  (let [quantity (long quantity)
        have (long have)]
    (cond
      (not (valid-key? symbol)) "invalid symbol"
      (int? type) (str "unknown order type: " type)
      (= :query type) nil
      (<= quantity 0) "quantity must be positive"
      (and (= :buy type) (> quantity (- Integer/MAX_VALUE have))) "position limit"
      (and (= :sell type) (> quantity have)) (str "insufficient position: have " have ", want " quantity))))

(defn- after-order [world now {:keys [type symbol quantity] :as order}]
  (let [world (tick world now)
        have (get-in world [:positions symbol] 0)
        refused (refusal order have)
        filled (fn [success quantity message]
                 {:success success, :symbol symbol, :quantity quantity, :message message, :timestamp (:last-tick world)})
        moved (fn [step] (assoc-in world [:positions symbol] (step have quantity)))]
    (cond
      refused (assoc world :fill (filled false 0 refused))
      (= :buy type) (assoc (moved +) :fill (filled true quantity "bought"))
      (= :sell type) (assoc (moved -) :fill (filled true quantity "sold"))
      :else (assoc world :fill (filled true have "position")))))

(defn unix-nanoseconds
  "The system's clock."
  []
  (let [now (Instant/now)]
    (+ (* 1000000000 (.getEpochSecond now)) (.getNano now))))

(defn store
  "An empty store on a clock of Unix nanoseconds, which may stand still or run backwards."
  ([] (store unix-nanoseconds))
  ([clock] {:clock clock, :world (atom empty-world)}))

(defn- step!
  "Takes a world one step further and wakes whom its change concerns."
  [{:keys [clock world]} step & arguments]
  (let [{:keys [change subscribers] :as after} (apply swap! world step (clock) arguments)]
    (doseq [{:keys [prefix wake]} (vals subscribers)
            :when (and change (str/starts-with? (:key change) prefix))]
      (wake))
    after))

(defn fetch
  "The value of a key."
  [store key]
  (check-key key)
  (existing @(:world store) key))

(defn put!
  "Stores a value and publishes the change."
  [store key value]
  (check-key key)
  (step! store after-put key value)
  nil)

(defn delete!
  "Removes a key and publishes the change."
  [store key]
  (check-key key)
  (step! store after-delete key)
  nil)

(defn totals
  "The number of keys and the bytes of their values, at one instant."
  [store]
  (let [{:keys [values bytes]} @(:world store)]
    {:items (count values), :bytes bytes}))

(defn trade!
  "Carries out one order, or refuses it, atomically; the fill. It publishes nothing."
  [{:keys [clock world]} order]
  (:fill (swap! world after-order (clock) order)))

(defn subscribe!
  "Has every change committed from now on whose key starts with a prefix queued, in order; the subscription, which
  its caller closes. `wake` is called, from any thread, when there is something new."
  [store prefix wake]
  (when-not (= "" prefix)
    (check-key prefix))
  (let [added (fn [{:keys [last-subscriber] :as world}]
                (let [id (inc (long last-subscriber))
                      subscriber {:prefix prefix, :wake wake, :queue PersistentQueue/EMPTY, :overflown false}]
                  (-> world
                      (assoc :last-subscriber id)
                      (assoc-in [:subscribers id] subscriber))))]
    {:store store, :id (:last-subscriber (swap! (:world store) added))}))

(defn poll!
  "The next change of a subscription, or nil where there is none yet."
  [{:keys [store id]}]
  (let [path [:subscribers id :queue]
        popped (fn [world] (if (seq (get-in world path)) (update-in world path pop) world))
        [before _] (swap-vals! (:world store) popped)]
    (peek (get-in before path))))

(defn overflown?
  "Whether a change found the queue full. Nothing comes after those that are still in it."
  [{:keys [store id]}]
  (boolean (get-in @(:world store) [:subscribers id :overflown])))

(defn unsubscribe!
  "Ends the delivery. May be called more than once."
  [{:keys [store id]}]
  (swap! (:world store) update :subscribers dissoc id)
  nil)

(defn stores
  "The stores of a process by their names."
  []
  {:unnamed (store), :named (atom {})})

(defn named
  "The store of a name, made when it is first named; the default one where the name is empty."
  [{:keys [unnamed named]} name]
  (if (= "" name)
    unnamed
    (or (get @named name)
        (get (swap! named #(if (contains? % name) % (assoc % name (store)))) name))))

(defn forget!
  "Drops named stores, never the default one. What still uses a store keeps it."
  [{:keys [named]} names]
  (apply swap! named dissoc names)
  nil)
