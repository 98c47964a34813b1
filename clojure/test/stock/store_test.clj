(ns stock.store-test
  (:require
   [clojure.string :as str]
   [clojure.test :refer [deftest is testing]]
   [stock.store :as store])
  (:import
   (clojure.lang ExceptionInfo)
   (com.google.protobuf ByteString)))

(defn- value [text]
  (ByteString/copyFromUtf8 text))

(defn- error-of [work]
  (try
    (work)
    nil
    (catch ExceptionInfo e
      [(:error (ex-data e)) (ex-message e)])))

(defn- all [subscription]
  (vec (take-while some? (repeatedly #(store/poll! subscription)))))

(deftest values-are-kept-and-removed
  (let [store (store/store)]
    (store/put! store "key" (value "one"))
    (store/put! store "key" (value "three"))
    (store/put! store "other" (value ""))
    (is (= (value "three") (store/fetch store "key")))
    (is (= {:items 2, :bytes 5} (store/totals store)))
    (store/delete! store "key")
    (is (= {:items 1, :bytes 0} (store/totals store)))
    (is (= [:key-not-found "key not found: key"] (error-of #(store/fetch store "key"))))
    (is (= [:key-not-found "key not found: key"] (error-of #(store/delete! store "key"))))))

(deftest the-rule-of-keys
  (let [store (store/store)
        refused [:invalid-key "invalid key: 1 to 1024 bytes of UTF-8 without NUL"]]
    (doseq [key ["k" "../x" "__proto__" " " "\uD83D\uDE00" (str/join (repeat 1024 "a")) (str/join (repeat 256 "\uD83D\uDE00"))]]
      (is (store/valid-key? key) key))
    (doseq [key ["" "a\u0000b" "\uD83D" "\uDE00" "\uDE00\uD83D" (str/join (repeat 1025 "a")) (str/join (repeat 513 "é"))]]
      (is (not (store/valid-key? key)) key)
      (is (= refused (error-of #(store/put! store key (value "")))) key)
      (is (= refused (error-of #(store/fetch store key))) key)
      (is (= refused (error-of #(store/delete! store key))) key))
    (is (= refused (error-of #(store/subscribe! store "a\u0000" (fn [])))))
    (is (= {:items 0, :bytes 0} (store/totals store)))))

(deftest changes-are-delivered-in-order
  (let [store (store/store)
        woken (atom 0)]
    (store/put! store "a" (value "before"))
    (let [some (store/subscribe! store "a" #(swap! woken inc))
          every (store/subscribe! store "" (fn []))]
      (store/put! store "ab" (value "1"))
      (store/put! store "b" (value "2"))
      (store/delete! store "ab")
      (is (= [[false "ab"] [true "ab"]] (map (juxt :deleted :key) (all some))))
      (is (= 2 @woken))
      (let [changes (all every)]
        (is (= ["ab" "b" "ab"] (map :key changes)))
        (is (apply < (map :timestamp changes))))
      (store/unsubscribe! some)
      (store/unsubscribe! some)
      (store/put! store "ab" (value ""))
      (is (= [] (all some)))
      (is (= 2 @woken)))))

(deftest a-slow-subscriber-keeps-what-it-has
  (let [store (store/store)
        slow (store/subscribe! store "" (fn []))
        quick (store/subscribe! store "" (fn []))]
    (dotimes [i store/queue-size]
      (store/put! store (str i) (value ""))
      (store/poll! quick))
    (is (not (store/overflown? slow)))
    (store/put! store "last" (value ""))
    (store/put! store "after" (value ""))
    (is (store/overflown? slow))
    (is (= (map str (range store/queue-size)) (map :key (all slow))))
    (is (= ["last" "after"] (map :key (all quick))))
    (is (not (store/overflown? quick)))))

(deftest the-clock-never-stands-still
  (let [readings (atom [5 5 3 9])
        store (store/store #(first (first (swap-vals! readings rest))))
        every (store/subscribe! store "" (fn []))]
    (store/put! store "a" (value ""))
    (is (= 6 (:timestamp (store/trade! store {:type :query, :symbol "s", :quantity 0}))))
    (store/delete! store "a")
    (store/put! store "b" (value ""))
    (is (= [5 7 9] (map :timestamp (all every))))))

(deftest orders-are-filled-or-refused
  (let [store (store/store)
        fill (fn [type symbol quantity]
               ((juxt :success :quantity :message) (store/trade! store {:type type, :symbol symbol, :quantity quantity})))]
    (is (= [true 0 "position"] (fill :query "s" -3)))
    (is (= [true 5 "bought"] (fill :buy "s" 5)))
    (is (= [true 2 "sold"] (fill :sell "s" 2)))
    (is (= [false 0 "insufficient position: have 3, want 4"] (fill :sell "s" 4)))
    (is (= [true 2147483644 "bought"] (fill :buy "s" 2147483644)))
    (is (= [false 0 "position limit"] (fill :buy "s" 1)))
    (is (= [false 0 "quantity must be positive"] (fill :buy "s" 0)))
    (is (= [false 0 "quantity must be positive"] (fill :sell "s" -1)))
    (is (= [false 0 "unknown order type: 7"] (fill (int 7) "s" 0)))
    (is (= [false 0 "invalid symbol"] (fill (int 7) "" 0)))
    (is (= [true 2147483647 "position"] (fill :query "s" 0)))))

(deftest orders-of-many-threads-add-up
  (let [store (store/store)
        work #(dotimes [_ 200] (store/trade! store {:type :buy, :symbol "s", :quantity 1}))]
    (run! deref (doall (repeatedly 4 #(future (work)))))
    (is (= 800 (:quantity (store/trade! store {:type :query, :symbol "s", :quantity 0}))))))

(deftest stores-have-names
  (let [stores (store/stores)]
    (testing "the default one is never forgotten"
      (store/put! (store/named stores "") "k" (value "default"))
      (store/put! (store/named stores "a") "k" (value "a"))
      (store/forget! stores ["" "a" "never"])
      (is (= (value "default") (store/fetch (store/named stores "") "k")))
      (is (= {:items 0, :bytes 0} (store/totals (store/named stores "a")))))
    (is (identical? (:world (store/named stores "b")) (:world (store/named stores "b"))))))
