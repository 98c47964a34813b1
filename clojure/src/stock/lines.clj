(ns stock.lines
  "The lines that stock_client prints."
  (:require
   [clojure.string :as str])
  (:import
   (com.google.protobuf ByteString)
   (java.nio ByteBuffer CharBuffer)
   (java.nio.charset CharsetDecoder CoderResult StandardCharsets)))

(defn- hex [value]
  (format "\\x%02X" (int value)))

(defn- escaped [c]
  (case c
    \\ "\\\\"
    \newline "\\n"
    \return "\\r"
    \tab "\\t"
    (let [code (int c)]
      (if (or (< code 0x20) (= code 0x7f)) (hex code) c))))

(defn- decode
  "What of some bytes decodes, then how many of the next ones do not."
  [^CharsetDecoder decoder ^ByteBuffer bytes]
  (let [text (CharBuffer/allocate (max 2 (.remaining bytes)))
        ^CoderResult result (.decode (.reset decoder) bytes text true)]
    [(str (.flip text)) (if (.isError result) (.length result) 0)]))

(defn escape
  "Bytes fit for one field of a line: `\\\\`, `\\n`, `\\r`, `\\t`, and `\\xHH` for other bytes below 0x20, 0x7F, and bytes
  that are not UTF-8."
  [^ByteString bytes]
  (let [in (.asReadOnlyByteBuffer bytes)
        decoder (.newDecoder StandardCharsets/UTF_8)
        out (StringBuilder.)]
    (loop []
      (let [[text wrong] (decode decoder in)]
        (run! #(.append out (str (escaped %))) text)
        (dotimes [_ wrong]
          (.append out ^String (hex (bit-and (.get in) 0xff))))
        (when (pos? (long wrong))
          (recur))))
    (str out)))

(defn one-line
  "A peer's text without the ends of lines that would make it several."
  [text]
  (-> text
      (str/replace "\n" "\\n")
      (str/replace "\r" "\\r")))

(defn- fields [& fields]
  (str (str/join "\t" fields) "\n"))

(defn event
  "`TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs."
  [{:keys [deleted key value timestamp]}]
  (if deleted
    (fields timestamp "DELETE" (escape key))
    (fields timestamp "PUT" (escape key) (escape value))))

(defn fill
  "`ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs."
  [{:keys [success symbol quantity message]}]
  (fields (if success "ok" "rejected") (escape symbol) quantity (one-line message)))

(defn summary
  "What became of a batch."
  [{:keys [total successful failed bytes]}]
  (str "total=" total " successful=" successful " failed=" failed " bytes=" bytes "\n"))

(defn inventory
  "A line for each thing that Inventory says."
  [{:keys [items bytes uptime-seconds server-version metadata]}]
  (str "items=" items "\n"
       "bytes=" bytes "\n"
       "uptime_seconds=" uptime-seconds "\n"
       "server_version=" (one-line server-version) "\n"
       (apply str (for [[key value] metadata] (str "metadata." (one-line key) "=" (one-line value) "\n")))))
