(ns stock.credentials-test
  (:require
   [clojure.string :as str]
   [clojure.test :refer [are deftest is]]
   [stock.credentials :as credentials]
   [stock.ephemeral :as ephemeral]
   [stock.pem :as pem]
   [stock.testing :as testing])
  (:import
   (clojure.lang ExceptionInfo)
   (java.nio.file Files Path)
   (java.nio.file.attribute FileAttribute)
   (java.security.cert X509Certificate)))

(defn- refusal [work]
  (try
    (work)
    :taken
    (catch ExceptionInfo e
      (is (= :credentials (:error (ex-data e))))
      (ex-message e))))

(defn- bytes-of ^bytes [^String text]
  (.getBytes text "US-ASCII"))

(defn- block [label]
  (str "-----BEGIN " label "-----\nAAAA\n-----END " label "-----\n"))

(deftest what-is-minted-is-whole
  (let [{[^X509Certificate leaf] :chain} (ephemeral/mint)]
    (.checkValidity leaf)
    (.verify leaf (.getPublicKey leaf))
    (is (= "CN=localhost" (.getName (.getSubjectX500Principal leaf))))
    (is (= [[2 "localhost"]] (map vec (.getSubjectAlternativeNames leaf))))))

(deftest identities-make-contexts
  (let [identity (ephemeral/mint)
        {:keys [chain key]} (testing/pem identity)
        parsed (pem/parse-identity (bytes-of chain) (bytes-of key))]
    (is (= (:chain identity) (:chain parsed)))
    (is (.isServer (credentials/server parsed (:chain parsed))))
    (is (.isClient (credentials/client (:chain parsed) parsed)))
    (is (.isClient (credentials/client nil nil)))))

(deftest what-is-no-identity-is-refused
  (let [{:keys [chain key]} (testing/pem (ephemeral/mint))
        other (:key (testing/pem (ephemeral/mint)))]
    (are [expected chain-pem key-pem] (= expected (refusal #(pem/parse-identity (bytes-of chain-pem) (bytes-of key-pem))))
      :taken chain key
      "identity: the key does not belong to the certificate" chain other
      "identity: no PEM certificate" "" key
      "identity: PEM block 1 is not a certificate" (block "CERTIFICATE") key
      "identity: PEM block 2 is not a certificate" (str chain (block "CERTIFICATE")) key
      "identity: the key is not a PEM PKCS#8 private key" chain ""
      "identity: the key is not a PEM PKCS#8 private key" chain chain
      "identity: the key is of no algorithm that is known" chain (block "PRIVATE KEY"))
    (is (= "client roots: no PEM certificate" (refusal #(pem/certificates (bytes-of "") "client roots"))))))

(deftest files-must-have-something
  (let [folder (Files/createTempDirectory "credentials" (make-array FileAttribute 0))
        ^Path empty-file (Files/createFile (.resolve folder "empty.pem") (make-array FileAttribute 0))]
    (is (= (str empty-file ": empty") (refusal #(pem/read-file empty-file))))
    (is (= (str folder "/none: no such file") (refusal #(pem/read-file (.resolve folder "none")))))
    (is (str/starts-with? (refusal #(pem/read-file folder)) (str folder)))))
