(ns stock.options.words
  "Words of a command line as bytes. Java decodes its arguments by the locale and replaces what is none of its text,
  so they are strings here whose characters are bytes (ISO 8859-1)."
  (:import
   (java.io IOException)
   (java.nio ByteBuffer)
   (java.nio.charset CharacterCodingException StandardCharsets)
   (java.nio.file Files Path)))

(defn from-text
  "The words of texts."
  [texts]
  (mapv #(String. (.getBytes ^String % StandardCharsets/UTF_8) StandardCharsets/ISO_8859_1) texts))

(defn given
  "The words that this process was given, or the decoded ones where the system does not tell."
  [decoded]
  (try
    (let [line (String. (Files/readAllBytes (Path/of "/proc/self/cmdline" (make-array String 0)))
                        StandardCharsets/ISO_8859_1)
          ;; Each word is followed by a NUL.
          all (butlast (.split line "\u0000" -1))]
      (vec (take-last (count decoded) all)))
    ;; Not Linux.
    (catch IOException _
      (from-text decoded))))

(defn bytes-of
  "The bytes of a word."
  ^bytes [^String word]
  (.getBytes word StandardCharsets/ISO_8859_1))

(defn text
  "The text of a word, or nil where it is not UTF-8."
  [word]
  (try
    (str (.decode (.newDecoder StandardCharsets/UTF_8) (ByteBuffer/wrap (bytes-of word))))
    (catch CharacterCodingException _
      nil)))

(defn- printable-character [text? c]
  (let [code (int c)]
    (cond
      (not (if text? (not (Character/isISOControl (char c))) (<= 0x20 code 0x7e)))
      (format (if (< code 0x100) "\\x%02x" "\\u%04x") code)
      (#{\" \\} c) (str \\ c)
      :else c)))

(defn printable
  "A word fit for a line of text."
  [word]
  (let [text (text word)]
    (apply str (map #(printable-character (some? text) %) (or text word)))))

(defn quoted
  "A word fit for a line of text, in quotes."
  [word]
  (str \" (printable word) \"))

(defn path
  "The file that a word names; as text is to the system what UTF-8 is, other names cannot be had."
  ^Path [word]
  (Path/of (or (text word) (printable word)) (make-array String 0)))
