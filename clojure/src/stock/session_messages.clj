(ns stock.session-messages
  "The one place that knows the generated classes of the session protocol: frames to data and back.

  Requests and responses stay messages: what a session hands on is the library's to encode and decode."
  (:import
   (com.google.protobuf ByteString InvalidProtocolBufferException)
   (java.util List)
   (proto KVGrpc)
   (tofusoup.stock BatchSummary GetResponse InventoryStatus StockGrpc TradeFill WatchEvent)
   (tofusoup.stock.session AbsentGrpc Command Command$CommandCase Directive Event Events Fail Failure Header Hello Identity Listen Listening Metadata Observation Observed OpenChannel Request Request$RequestCase Response Role Rpc Security Start Status Stopped)))

(defn- unsigned [n]
  (Integer/toUnsignedLong (int n)))

(defn- entries [^Metadata metadata]
  (mapv (fn [^Header entry] [(.getName entry) (.getValue entry)]) (.getEntriesList metadata)))

(defn- metadata ^Metadata [entries]
  (let [builder (Metadata/newBuilder)]
    (doseq [[^String name ^ByteString value] entries]
      (.addEntries builder (.. (Header/newBuilder) (setName name) (setValue value) build)))
    (.build builder)))

(defn directive
  "What a directive asks for; nil for bytes that are none."
  [^bytes encoded]
  (try
    (let [directive (Directive/parseFrom encoded)
          ^Fail fail (when (.hasFail directive) (.getFail directive))]
      (when (or (nil? fail) (<= 1 (unsigned (.getCode fail)) 16))
        {:store (.getStore directive)
         :headers (entries (.getHeaders directive))
         :trailers (entries (.getTrailers directive))
         :delay-ms (unsigned (.getDelayMs directive))
         :headers-first (.getHeadersFirst directive)
         :fail (when fail
                 {:code (.getCode fail)
                  :message (.getMessage fail)
                  :details (.getDetails fail)
                  :after (unsigned (.getAfter fail))})
         :compress (.getCompress directive)
         :throw (.getThrow directive)
         :tag (.getTag directive)}))
    (catch InvalidProtocolBufferException _
      nil)))

(def ^:private rpcs
  {Rpc/RPC_GET :get
   Rpc/RPC_PUT :put
   Rpc/RPC_DELETE :delete
   Rpc/RPC_INVENTORY :inventory
   Rpc/RPC_MONITOR :monitor
   Rpc/RPC_BATCH :batch
   Rpc/RPC_TRADE :trade
   Rpc/RPC_KV_GET :kv-get
   Rpc/RPC_KV_PUT :kv-put
   Rpc/RPC_ABSENT_GET :absent-get})

(def methods
  "By rpc: the generated descriptor, the kind of request that it takes, and what wraps a response."
  (let [get-response (fn [^GetResponse m] (.. (Response/newBuilder) (setGet m) build))]
    {:get {:accepts :get, :method (StockGrpc/getGetMethod), :wrap get-response}
     :absent-get {:accepts :get, :method (AbsentGrpc/getGetMethod), :wrap get-response}
     :put {:accepts :put
           :method (StockGrpc/getPutMethod)
           :wrap (fn [^tofusoup.stock.Empty m] (.. (Response/newBuilder) (setPut m) build))}
     :delete {:accepts :delete
              :method (StockGrpc/getDeleteMethod)
              :wrap (fn [^tofusoup.stock.Empty m] (.. (Response/newBuilder) (setDelete m) build))}
     :inventory {:accepts :inventory
                 :method (StockGrpc/getInventoryMethod)
                 :wrap (fn [^InventoryStatus m] (.. (Response/newBuilder) (setInventory m) build))}
     :monitor {:accepts :monitor
               :method (StockGrpc/getMonitorMethod)
               :wrap (fn [^WatchEvent m] (.. (Response/newBuilder) (setMonitor m) build))}
     :batch {:accepts :batch
             :method (StockGrpc/getBatchMethod)
             :wrap (fn [^BatchSummary m] (.. (Response/newBuilder) (setBatch m) build))}
     :trade {:accepts :trade
             :method (StockGrpc/getTradeMethod)
             :wrap (fn [^TradeFill m] (.. (Response/newBuilder) (setTrade m) build))}
     :kv-get {:accepts :kv-get
              :method (KVGrpc/getGetMethod)
              :wrap (fn [^proto.GetResponse m] (.. (Response/newBuilder) (setKvGet m) build))}
     :kv-put {:accepts :kv-put
              :method (KVGrpc/getPutMethod)
              :wrap (fn [^proto.Empty m] (.. (Response/newBuilder) (setKvPut m) build))}}))

(defn response-size
  "The bytes of a wrapped response."
  [^Response response]
  (.getSerializedSize response))

(defn- request [^Request request]
  (condp = (.getRequestCase request)
    Request$RequestCase/GET {:kind :get, :message (.getGet request)}
    Request$RequestCase/PUT {:kind :put, :message (.getPut request)}
    Request$RequestCase/DELETE {:kind :delete, :message (.getDelete request)}
    Request$RequestCase/INVENTORY {:kind :inventory, :message (.getInventory request)}
    Request$RequestCase/MONITOR {:kind :monitor, :message (.getMonitor request)}
    Request$RequestCase/BATCH {:kind :batch, :message (.getBatch request)}
    Request$RequestCase/TRADE {:kind :trade, :message (.getTrade request)}
    Request$RequestCase/KV_GET {:kind :kv-get, :message (.getKvGet request)}
    Request$RequestCase/KV_PUT {:kind :kv-put, :message (.getKvPut request)}
    {:kind :none}))

(def ^:private securities
  {Security/SECURITY_PLAINTEXT "plaintext", Security/SECURITY_TLS "tls", Security/SECURITY_MTLS "mtls"})

(defn- security [given]
  (get securities given {:given (str given)}))

(defn- bytes-of ^bytes [^ByteString bytes]
  (.toByteArray bytes))

(defn- identity-of [^Identity identity]
  {:chain (bytes-of (.getChainPem identity)), :key (bytes-of (.getKeyPem identity))})

(defn- listen [^Listen c]
  {:listener (unsigned (.getListener c))
   :host (.getHost c)
   :port (unsigned (.getPort c))
   :security (security (.getSecurity c))
   :identity (identity-of (.getIdentity c))
   :client-roots (bytes-of (.getClientRootsPem c))
   :max-receive-bytes (unsigned (.getMaxReceiveBytes c))})

(defn- open-channel [^OpenChannel c]
  {:channel (unsigned (.getChannel c))
   :host (.getHost c)
   :port (unsigned (.getPort c))
   :security (security (.getSecurity c))
   :roots (bytes-of (.getRootsPem c))
   :identity (when (.hasIdentity c) (identity-of (.getIdentity c)))
   :server-name (.getServerName c)
   :max-receive-bytes (unsigned (.getMaxReceiveBytes c))})

(defn- start [^Start c]
  {:call (unsigned (.getCall c))
   :channel (unsigned (.getChannel c))
   :rpc (rpcs (.getRpc c) (str (.getRpc c)))
   :metadata (entries (.getMetadata c))
   :timeout-ns (.getTimeoutNs c)
   :wait-for-ready (.getWaitForReady c)
   :compress (.getCompress c)
   :requests (mapv request (.getRequestsList c))
   :half-close (.getHalfClose c)
   :credit (unsigned (.getCredit c))})

(defn- fields [^Command c]
  (condp = (.getCommandCase c)
    Command$CommandCase/LISTEN [:listen (listen (.getListen c))]
    Command$CommandCase/STOP [:stop
                              {:listener (unsigned (.getListener (.getStop c)))
                               :grace-ms (unsigned (.getGraceMs (.getStop c)))}]
    Command$CommandCase/FORGET [:forget {:stores (vec (.getStoresList (.getForget c)))}]
    Command$CommandCase/OPEN_CHANNEL [:open-channel (open-channel (.getOpenChannel c))]
    Command$CommandCase/CLOSE_CHANNEL [:close-channel {:channel (unsigned (.getChannel (.getCloseChannel c)))}]
    Command$CommandCase/START [:start (start (.getStart c))]
    Command$CommandCase/SEND [:send
                              {:call (unsigned (.getCall (.getSend c)))
                               :requests (mapv request (.getRequestsList (.getSend c)))}]
    Command$CommandCase/HALF_CLOSE [:half-close {:call (unsigned (.getCall (.getHalfClose c)))}]
    Command$CommandCase/RECEIVE [:receive
                                 {:call (unsigned (.getCall (.getReceive c)))
                                  :credit (unsigned (.getCredit (.getReceive c)))}]
    Command$CommandCase/CANCEL [:cancel {:call (unsigned (.getCall (.getCancel c)))}]
    [(str (.getCommandCase c)) {}]))

(defn command
  "A frame's command as data: its `:id`, `:command` and fields; nil for bytes that are none."
  [^bytes frame]
  (try
    (let [command (Command/parseFrom frame)
          [kind fields] (fields command)]
      (assoc fields :id (unsigned (.getId command)) :command kind))
    (catch InvalidProtocolBufferException _
      nil)))

(defn hello
  "The first event of a session."
  ^Event [{:keys [^String language ^String library ^String runtime ^String transport ^String tls-stack ^String version]}
          role
          ^Iterable abilities]
  (let [hello (.. (Hello/newBuilder)
                  (setProtocol 1)
                  (setLanguage language)
                  (setRole (if (= :server role) Role/ROLE_SERVER Role/ROLE_CLIENT))
                  (setLibrary library)
                  (setRuntime runtime)
                  (setTransport transport)
                  (setTlsStack tls-stack)
                  (addAllSupports abilities)
                  (setVersion version)
                  build)]
    (.. (Event/newBuilder) (setHello ^Hello hello) build)))

(defn failure
  "Answers a command that cannot be obeyed."
  ^Event [id ^String reason]
  (let [^Failure failure (.. (Failure/newBuilder) (setId (unchecked-int id)) (setReason reason) build)]
    (.. (Event/newBuilder) (setFailure failure) build)))

(defn listening
  "A listener accepts connections."
  ^Event [number port]
  (let [^Listening listening (.. (Listening/newBuilder) (setListener (unchecked-int number)) (setPort (int port)) build)]
    (.. (Event/newBuilder) (setListening listening) build)))

(defn stopped
  "A listener is closed."
  ^Event [number]
  (let [^Stopped stopped (.. (Stopped/newBuilder) (setListener (unchecked-int number)) build)]
    (.. (Event/newBuilder) (setStopped stopped) build)))

(defn observed
  "What the server saw of a call with a tag."
  ^Event [^String tag {:keys [deadline-ns read sent cancelled ^ByteString peer ^String tls-version ^String encoding]
                       entries :metadata}]
  (let [observation (.. (Observation/newBuilder)
                        (setMetadata (metadata entries))
                        (setMessagesRead (int read))
                        (setMessagesSent (int sent))
                        (setCancelled (boolean cancelled)))]
    (when deadline-ns
      (.setDeadlineNs observation (long deadline-ns)))
    (when peer
      (.setPeerCertificatePem observation peer))
    (when tls-version
      (.setTlsVersion observation tls-version))
    (when encoding
      (.setRequestEncoding observation encoding))
    (let [^Observed observed (.. (Observed/newBuilder) (setTag tag) (setObservation observation) build)]
      (.. (Event/newBuilder) (setObserved observed) build))))

(defn- status ^Status [{:keys [code ^String message trailers ^ByteString details unsent]}]
  (.. (Status/newBuilder)
      (setCode (int code))
      (setMessage message)
      (setTrailers (metadata trailers))
      (setDetails details)
      (setUnsent (int unsent))
      build))

(defn events
  "What a call's library gave: `:call`, `:headers`, `:responses`, `:status` and `:at-ns`."
  ^Event [{:keys [call headers ^List responses at-ns] given :status}]
  (let [builder (.. (Events/newBuilder)
                    (setCall (unchecked-int call))
                    (addAllResponses ^Iterable (or responses []))
                    (setAtNs (long at-ns)))]
    (when headers
      (.setHeaders builder (metadata headers)))
    (when given
      (.setStatus builder (status given)))
    (let [^Events events (.build builder)]
      (.. (Event/newBuilder) (setEvents events) build))))
