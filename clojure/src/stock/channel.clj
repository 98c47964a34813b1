(ns stock.channel
  "Connections of a channel's own to one endpoint."
  (:require
   [stock.transport :as transport])
  (:import
   (io.grpc Channel ClientCall ClientCall$Listener ClientInterceptor ClientInterceptors ConnectivityState ForwardingClientCall$SimpleForwardingClientCall ForwardingClientCallListener$SimpleForwardingClientCallListener ManagedChannel ProxyDetector Status Status$Code StatusRuntimeException)
   (io.grpc.netty.shaded.io.grpc.netty NettyChannelBuilder)
   (io.grpc.netty.shaded.io.netty.channel ChannelDuplexHandler ChannelFactory ChannelHandler ChannelHandlerContext ChannelInboundHandlerAdapter EventLoopGroup)
   (io.grpc.netty.shaded.io.netty.handler.codec.http2 Http2ConnectionHandler Http2Stream Http2StreamVisitor)
   (io.grpc.netty.shaded.io.netty.handler.ssl SslContext)
   (java.net InetSocketAddress)
   (java.util List)
   (java.util.concurrent TimeUnit)))

(def ^:private max-metadata-bytes (* 16 1024))

;; gRPC's own first wait is 1 s: a server of a test comes up sooner.
(def ^:private reconnect-millis 50)

(defn- close-reset-streams! [^Http2ConnectionHandler handler]
  (let [reset (volatile! [])]
    (.forEachActiveStream (.connection handler)
                          (reify Http2StreamVisitor
                            (visit [_ stream]
                              (when (.isResetSent stream)
                                (vswap! reset conj stream))
                              true)))
    (run! #(.close ^Http2Stream %) @reset)))

(defn- reset-streams
  "Makes a reset the last frame of its stream (RFC 9113, section 5.1).

  netty writes a reset at once and closes the stream when that is on its way. In between it writes what the stream
  still had waiting for the peer's window, and Kestrel and h2 end the whole connection for it. So streams are closed
  here once their reset is written and before anything is flushed, which drops what they had waiting."
  ^ChannelHandler []
  (proxy [ChannelDuplexHandler] []
    (flush [^ChannelHandlerContext context]
      (when-let [handler (.get (.pipeline context) Http2ConnectionHandler)]
        (close-reset-streams! handler))
      (.flush context))))

(defn- placing
  "Gives its place to `reset-streams` once gRPC has added its own handlers."
  ^ChannelHandler []
  (proxy [ChannelInboundHandlerAdapter] []
    (channelActive [^ChannelHandlerContext context]
      (-> (.pipeline context)
          (.addLast (into-array ChannelHandler [(reset-streams)]))
          (.remove ^ChannelHandler this))
      (.fireChannelActive context))))

(defn- new-connection []
  (let [^io.grpc.netty.shaded.io.netty.channel.Channel connection (transport/new-socket)]
    (.addLast (.pipeline connection) (into-array ChannelHandler [(placing)]))
    connection))

(defn- reason
  "The status of a call whose response cannot be read is the reason: one that is too large when it is decompressed is
  RESOURCE_EXHAUSTED. The library says CANCELLED, with the reason as its cause."
  ^Status [^Status status]
  (let [cause (.getCause status)]
    (if (and (= Status$Code/CANCELLED (.getCode status)) (instance? StatusRuntimeException cause))
      (Status/fromThrowable cause)
      status)))

(def ^:private ^ClientInterceptor read-failures
  (reify ClientInterceptor
    (interceptCall [_ method options next]
      (let [^ClientCall call (.newCall next method options)]
        (proxy [ForwardingClientCall$SimpleForwardingClientCall] [call]
          (start [^ClientCall$Listener listener metadata]
            (.start call
                    (proxy [ForwardingClientCallListener$SimpleForwardingClientCallListener] [listener]
                      (onClose [status trailers]
                        (.onClose listener (reason status) trailers)))
                    metadata)))))))

(defn- reconnect-soon! [^ManagedChannel channel]
  (let [state (.getState channel false)]
    (when (= ConnectivityState/TRANSIENT_FAILURE state)
      (.schedule ^EventLoopGroup @transport/dialled
                 ^Runnable #(.resetConnectBackoff channel)
                 (long reconnect-millis)
                 TimeUnit/MILLISECONDS))
    (when-not (= ConnectivityState/SHUTDOWN state)
      (.notifyWhenStateChanged channel state #(reconnect-soon! channel)))))

(defn- builder
  ^NettyChannelBuilder [{:keys [^InetSocketAddress address max-receive-bytes]}]
  (-> (NettyChannelBuilder/forAddress address)
      (.channelFactory (reify ChannelFactory
                         (newChannel [_] (new-connection))))
      (.eventLoopGroup @transport/dialled)
      ;; Nobody blocks in a callback.
      (.directExecutor)
      (.disableRetry)
      (.proxyDetector (reify ProxyDetector
                        (proxyFor [_ _] nil)))
      (.maxInboundMetadataSize (int max-metadata-bytes))
      (.maxInboundMessageSize (int max-receive-bytes))))

(defn open
  "A channel to an endpoint: `:address`, `:credentials` (nil: plaintext), `:authority` (also what the server's
  certificate is verified against; nil: the host) and `:max-receive-bytes`. It dials nothing before the first call."
  [{:keys [^SslContext credentials ^String authority] :as endpoint}]
  (let [builder (builder endpoint)]
    (if credentials
      (.sslContext builder credentials)
      (.usePlaintext builder))
    (when authority
      (.overrideAuthority builder authority))
    (let [managed (.build builder)]
      (reconnect-soon! managed)
      {:managed managed, :channel (ClientInterceptors/intercept ^Channel managed ^List (list read-failures))})))

(defn close!
  "Closes a channel's connections once their calls have ended."
  [{:keys [^ManagedChannel managed]}]
  (.shutdown managed))
