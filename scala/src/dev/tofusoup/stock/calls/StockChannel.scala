package dev.tofusoup.stock.calls

import io.grpc.Channel
import io.grpc.ClientInterceptors
import io.grpc.ConnectivityState
import io.grpc.ManagedChannel
import io.grpc.netty.NettyChannelBuilder
import io.netty.channel.EventLoopGroup
import io.netty.channel.MultiThreadIoEventLoopGroup
import io.netty.channel.nio.NioIoHandler
import io.netty.util.concurrent.DefaultThreadFactory
import java.util.concurrent.TimeUnit.MILLISECONDS

/** Connections of its own to one endpoint. It dials nothing before the first call. */
final class StockChannel private (managed: ManagedChannel) extends AutoCloseable:
  /** What stubs are made of. */
  val channel: Channel = ClientInterceptors.intercept(managed, ReadFailures)

  /** Closes the connections once their calls have ended. */
  override def close(): Unit =
    val _ = managed.shutdown()

object StockChannel:
  /** Daemons, so that none keeps the process alive. */
  private val Connections: EventLoopGroup =
    MultiThreadIoEventLoopGroup(2, DefaultThreadFactory("connection", true), NioIoHandler.newFactory())

  private val MaxMetadataBytes = 16 << 10

  /** gRPC's own first wait is 1 s: a server of a test comes up sooner. */
  private val ReconnectMillis = 50L

  def apply(endpoint: Endpoint): StockChannel =
    val managed = builder(endpoint).build()
    reconnectSoon(managed)
    new StockChannel(managed)

  private def builder(endpoint: Endpoint): NettyChannelBuilder =
    val builder = NettyChannelBuilder
      .forAddress(endpoint.address)
      .channelFactory(() => ResetStreams.newConnection())
      .eventLoopGroup(Connections)
      .directExecutor() // nobody blocks in a callback
      .disableRetry()
      .proxyDetector(_ => null)
      .maxInboundMetadataSize(MaxMetadataBytes)
      .maxInboundMessageSize(endpoint.maxReceiveBytes)
    val secured = endpoint.tls.fold(builder.usePlaintext())(builder.sslContext)
    endpoint.authority.fold(secured)(secured.overrideAuthority)

  private def reconnectSoon(managed: ManagedChannel): Unit =
    val state = managed.getState(false)
    if state == ConnectivityState.TRANSIENT_FAILURE then
      val retry: Runnable = () => managed.resetConnectBackoff()
      val _ = Connections.schedule(retry, ReconnectMillis, MILLISECONDS)
    if state != ConnectivityState.SHUTDOWN then managed.notifyWhenStateChanged(state, () => reconnectSoon(managed))
