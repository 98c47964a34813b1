(ns stock.listener
  "A socket with every service behind it, from the bind to the end of its drain."
  (:require
   [stock.about :refer [about]]
   [stock.guard :as guard]
   [stock.messages-in :as messages-in]
   [stock.reflection :as reflection]
   [stock.service :as service]
   [stock.transport :as transport])
  (:import
   (com.google.common.net InetAddresses)
   (io.grpc Codec$Identity DecompressorRegistry Server ServerInterceptor ServerInterceptors ServerServiceDefinition)
   (io.grpc.health.v1 HealthCheckResponse$ServingStatus)
   (io.grpc.netty.shaded.io.grpc.netty NettyServerBuilder)
   (io.grpc.netty.shaded.io.netty.channel ChannelOption EventLoopGroup)
   (io.grpc.netty.shaded.io.netty.handler.ssl SslContext)
   (io.grpc.protobuf.services HealthStatusManager)
   (java.io IOException)
   (java.net Inet6Address InetAddress InetSocketAddress)
   (java.util List)
   (java.util.concurrent TimeUnit)
   (proto KVGrpc)
   (tofusoup.stock StockGrpc)))

(def abort-nanos
  "How long the ends of aborted calls may take: their handlers have been cancelled."
  500000000)

(def default-receive-bytes
  "The largest message read, unless somebody says otherwise."
  (* 4 1024 1024))

;; How long peers without a call may take to acknowledge the GOAWAY.
(def ^:private farewell-nanos 200000000)

(def ^:private max-streams 100)
(def ^:private max-metadata-bytes (* 16 1024))
(def ^:private handshake-seconds 10)

(def ^:private ^DecompressorRegistry decompressors
  (-> (DecompressorRegistry/emptyInstance)
      (.with messages-in/gzip true)
      (.with Codec$Identity/NONE false)))

(defn- text [^InetAddress address port]
  (let [host (InetAddresses/toAddrString address)]
    (str (if (instance? Inet6Address address) (str "[" host "]") host) ":" port)))

(defn endpoint
  "The address and port bound, as a literal."
  [{:keys [address port]}]
  (text address port))

(defn- library-limit
  "Over its own limit grpc-java resets a stream whose headers it has sent, without a status: it gets a greater one, and
  the guard holds to ours."
  [limit]
  (-> (* 2 (long limit)) (max (* 1024 1024)) (min Integer/MAX_VALUE)))

(defn- builder
  ^NettyServerBuilder [{:keys [^InetAddress address port ^SslContext credentials max-receive-bytes]} ^EventLoopGroup acceptor]
  (let [builder (doto (NettyServerBuilder/forAddress (InetSocketAddress. address (int port)))
                  (.channelType @transport/server-socket-class)
                  (.bossEventLoopGroup acceptor)
                  (.workerEventLoopGroup @transport/accepted)
                  (.withChildOption ChannelOption/TCP_NODELAY true)
                  (.executor transport/handlers)
                  (.decompressorRegistry decompressors)
                  (.maxConcurrentCallsPerConnection (int max-streams))
                  (.maxInboundMetadataSize (int max-metadata-bytes))
                  (.maxInboundMessageSize (int (library-limit max-receive-bytes)))
                  (.handshakeTimeout (long handshake-seconds) TimeUnit/SECONDS))]
    (when credentials
      (.sslContext builder credentials))
    builder))

(defn- services [stores security ^HealthStatusManager health]
  (doseq [^String name ["" StockGrpc/SERVICE_NAME KVGrpc/SERVICE_NAME]]
    (.setStatus health name HealthCheckResponse$ServingStatus/SERVING))
  (let [metadata {"language" (:language about)
                  "runtime" (:runtime about)
                  "library" (:library about)
                  "transport" (:transport about)
                  "tls_stack" (:tls-stack about)
                  "security" security}
        description {:version (:version about), :started-nanos (System/nanoTime), :metadata metadata}
        own [(service/stock stores description transport/handlers)
             (service/kv stores)
             (.bindService (.getHealthService health))]]
    (concat own (reflection/definitions own))))

(defn- guarded
  "Has requests decoded within the guard: gRPC itself would answer what does not decode with UNKNOWN."
  ^ServerServiceDefinition [^ServerServiceDefinition service ^List interceptors]
  (ServerInterceptors/intercept (ServerInterceptors/useInputStreamMessages service) interceptors))

(defn- root-message [^Throwable error]
  (ex-message (last (take-while some? (iterate ex-cause error)))))

(defn listen
  "Binds and serves; whoever opens a listener drains it.

  `binding` has `:address`, `:port` (0: any free one), `:security` (what Inventory says), `:credentials` (nil:
  plaintext) and `:max-receive-bytes`. `directives` are interceptors that obey the directives of calls; empty where
  those are ignored. Where it cannot bind, the error is one line."
  [{:keys [address port security max-receive-bytes] :as binding} stores directives]
  (let [health (HealthStatusManager.)
        calls (guard/calls max-receive-bytes)
        acceptor (transport/event-loops "acceptor" 1)
        builder (builder binding acceptor)]
    (doseq [service (services stores security health)]
      (.addService builder (guarded service (conj (vec directives) (guard/interceptor calls)))))
    (let [server (.build builder)]
      (try
        (.start server)
        (catch IOException e
          (.shutdownGracefully acceptor 0 0 TimeUnit/NANOSECONDS)
          (throw (ex-info (str "cannot bind " (text address port) ": " (root-message e)) {:error :cannot-bind} e))))
      {:server server, :health health, :calls calls, :acceptor acceptor, :address address, :port (.getPort server)})))

(defn- until ^long [^long end]
  (max 0 (- end (System/nanoTime))))

(defn- farewell!
  "Waits for the ends of calls; a peer whose GOAWAY is on its way may still begin one."
  [{:keys [^Server server calls]} end]
  (loop []
    (when (and (guard/await-none calls (until end))
               (not (.awaitTermination server (min (long farewell-nanos) (until end)) TimeUnit/NANOSECONDS))
               (pos? (guard/running calls)))
      (recur))))

(defn drain!
  "Refuses new connections, ends the streams that have no end of their own and lets the other calls go on within the
  grace; then it aborts them. Returns when no call is left and the port is free, and at most `abort-nanos` after the
  grace, whatever the peers do."
  [{:keys [^Server server ^HealthStatusManager health calls ^EventLoopGroup acceptor] :as listener} grace-nanos]
  (let [end (+ (System/nanoTime) (long grace-nanos))]
    (.enterTerminalState health)
    (.shutdown server)
    (guard/drain! calls)
    (farewell! listener end)
    (.shutdownNow server)
    (let [abort (+ (System/nanoTime) (long abort-nanos))]
      (when (.awaitTermination server (until abort) TimeUnit/NANOSECONDS)
        (guard/await-none calls (until abort)))
      ;; The system closes a socket that a selector knows only with that.
      (let [left (until abort)]
        (.await (.shutdownGracefully acceptor 0 left TimeUnit/NANOSECONDS) left TimeUnit/NANOSECONDS)))
    nil))
