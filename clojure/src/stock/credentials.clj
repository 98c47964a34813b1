(ns stock.credentials
  "Turns identities and roots into TLS contexts, TLS 1.2 or 1.3, of the BoringSSL that grpc-netty-shaded carries.
  Chains and names are verified by the JDK: BoringSSL asks its trust manager."
  (:require
   [stock.pem :as pem])
  (:import
   (com.google.common.net InetAddresses)
   (io.grpc.netty.shaded.io.grpc.netty GrpcSslContexts)
   (io.grpc.netty.shaded.io.netty.handler.ssl ClientAuth SslContext SslContextBuilder SslProvider)
   (java.io IOException)
   (java.security GeneralSecurityException KeyStore PrivateKey)
   (java.security.cert CertificateException X509Certificate)
   (java.util List)
   (javax.net.ssl KeyManager SSLEngine TrustManager TrustManagerFactory X509ExtendedKeyManager X509ExtendedTrustManager)))

(def ^:private protocols (into-array String ["TLSv1.3" "TLSv1.2"]))

(def ^:private dns-name
  "The kind of a DNS name among alternative names (RFC 5280, section 4.2.1.6)."
  2)

(defn- check-named
  "Refuses a certificate by which a server's name can have matched its subject only. An address is matched with
  alternative names alone."
  [^X509Certificate leaf ^String host]
  (when-not (or (and host (InetAddresses/isInetAddress host))
                (some (fn [^List name] (= dns-name (.get name 0))) (.getSubjectAlternativeNames leaf)))
    (throw (CertificateException. (str "no alternative name is " host)))))

(defn- server-names
  "Trusts whom another does, but takes no name of a server from the subject of its certificate: the JDK's check of
  names (RFC 2818) does where no alternative name is one of DNS, and a subject's common name is no name (RFC 9525,
  section 2). netty's engines ask by SSLEngine; nothing here has a socket."
  ^TrustManager [^X509ExtendedTrustManager other]
  (let [unnamed #(throw (CertificateException. "nothing to tell the server's name"))]
    (proxy [X509ExtendedTrustManager] []
      (checkServerTrusted
        ([_chain _auth-type] (unnamed))
        ([^X509Certificate/1 chain ^String auth-type engine]
         (if (instance? SSLEngine engine)
           (do
             (.checkServerTrusted other chain auth-type ^SSLEngine engine)
             (check-named (aget chain 0) (.getPeerHost ^SSLEngine engine)))
           (unnamed))))
      (checkClientTrusted
        ([_chain _auth-type] (unnamed))
        ([_chain _auth-type _engine] (unnamed)))
      (getAcceptedIssuers [] (.getAcceptedIssuers other)))))

(defn- key-store ^KeyStore [roots]
  (let [store (KeyStore/getInstance (KeyStore/getDefaultType))]
    (.load store nil nil)
    (doseq [[i root] (map-indexed vector roots)]
      (.setCertificateEntry store (str "root " i) root))
    store))

(defn- trust-manager
  "The JDK's for some roots, or for the system's where these are nil."
  [roots]
  (let [factory (TrustManagerFactory/getInstance (TrustManagerFactory/getDefaultAlgorithm))]
    (.init factory ^KeyStore (when roots (key-store roots)))
    (first (.getTrustManagers factory))))

(defn- key-manager
  "Offers one identity, whatever is asked for. netty would put the key into a key store, which encrypts it and decrypts
  it again: a tenth of a second."
  ^KeyManager [{:keys [^PrivateKey key chain]}]
  (let [certificates (into-array X509Certificate chain)
        fits? #(= (.getAlgorithm key) %)
        chosen #(when (some fits? %) "identity")
        aliases #(when (fits? %) (into-array String ["identity"]))]
    (proxy [X509ExtendedKeyManager] []
      (chooseEngineClientAlias [key-types _issuers _engine] (chosen key-types))
      (chooseEngineServerAlias [key-type _issuers _engine] (chosen [key-type]))
      (chooseClientAlias [key-types _issuers _socket] (chosen key-types))
      (chooseServerAlias [key-type _issuers _socket] (chosen [key-type]))
      (getClientAliases [key-type _issuers] (aliases key-type))
      (getServerAliases [key-type _issuers] (aliases key-type))
      (getCertificateChain [_alias] certificates)
      (getPrivateKey [_alias] key))))

(defn- build ^SslContext [^SslContextBuilder builder]
  (-> (GrpcSslContexts/configure builder SslProvider/OPENSSL)
      (.protocols ^String/1 protocols)
      (.build)))

(defn- set-up [work]
  (letfn [(unusable [e] (pem/unusable (str "TLS cannot be set up: " (ex-message e)) e))]
    (try
      (work)
      (catch GeneralSecurityException e (throw (unusable e)))
      (catch IOException e (throw (unusable e)))
      (catch IllegalArgumentException e (throw (unusable e))))))

(defn server
  "The context of a server; `client-roots` are what clients' chains must lead to, which makes it mutual TLS, or nil."
  ^SslContext [identity ^Iterable client-roots]
  (set-up
    #(let [builder (SslContextBuilder/forServer (key-manager identity))]
       (when client-roots
         (.trustManager builder client-roots)
         (.clientAuth builder ClientAuth/REQUIRE))
       (build builder))))

(defn client
  "The context of a client, which verifies the server: `roots` are what its chain must lead to, nil for the system's;
  an identity is what is offered, nil for nothing."
  ^SslContext [roots identity]
  (set-up
    #(let [builder (SslContextBuilder/forClient)]
       (.trustManager builder (server-names (trust-manager roots)))
       (when identity
         (.keyManager builder (key-manager identity)))
       (build builder))))
