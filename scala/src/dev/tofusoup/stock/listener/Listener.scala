package dev.tofusoup.stock.listener

import com.google.common.net.InetAddresses
import dev.tofusoup.stock.About
import dev.tofusoup.stock.service.Description
import dev.tofusoup.stock.service.KvService
import dev.tofusoup.stock.service.StockService
import dev.tofusoup.stock.store.Stores
import io.grpc.Codec
import io.grpc.DecompressorRegistry
import io.grpc.Server
import io.grpc.ServerInterceptor
import io.grpc.ServerInterceptors
import io.grpc.ServerServiceDefinition
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import io.grpc.netty.NettyServerBuilder
import io.grpc.protobuf.services.HealthStatusManager
import io.netty.channel.ChannelOption
import io.netty.channel.EventLoopGroup
import io.netty.channel.socket.nio.NioServerSocketChannel
import java.io.IOException
import java.net.Inet6Address
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.TimeUnit.SECONDS
import scala.annotation.tailrec
import scala.concurrent.ExecutionContext
import scala.concurrent.duration.DurationInt
import scala.concurrent.duration.FiniteDuration
import scala.jdk.CollectionConverters.SeqHasAsJava
import tofusoup.stock.StockGrpc
import proto.KVGrpc

/** A socket with every service behind it, from the bind to the end of its drain. Whoever has opened it drains it. */
final class Listener private (
    address: InetAddress,
    acceptor: EventLoopGroup,
    server: Server,
    calls: Calls,
    health: HealthStatusManager
):
  import Listener.*

  /** The port bound. */
  val port: Int = server.getPort

  /** The address and port bound, as a literal. */
  def endpoint: String = text(InetSocketAddress(address, port))

  /** Refuses new connections, ends the streams that have no end of their own and lets the other calls go on within the
    * grace; then it aborts them. Returns when no call is left and the port is free, and at most [[AbortTimeout]] after
    * the grace, whatever the peers do.
    */
  def drain(grace: FiniteDuration): Unit =
    val end = System.nanoTime() + grace.toNanos
    health.enterTerminalState()
    val _ = server.shutdown()
    calls.drain()
    farewell(end)
    val _ = server.shutdownNow()
    val abort = System.nanoTime() + AbortTimeout.toNanos
    if server.awaitTermination(abort - System.nanoTime(), NANOSECONDS) then
      val _ = calls.awaitNone(abort - System.nanoTime())
    // The system closes a socket that a selector knows only with that.
    val left = (abort - System.nanoTime()).max(0)
    val _ = acceptor.shutdownGracefully(0, left, NANOSECONDS).await(left, NANOSECONDS)

  /** Waits for the ends of calls; a peer whose GOAWAY is on its way may still begin one. */
  @tailrec
  private def farewell(end: Long): Unit =
    if calls.awaitNone(end - System.nanoTime()) then
      val patience = Farewell.toNanos.min(end - System.nanoTime())
      if !server.awaitTermination(patience, NANOSECONDS) && calls.isBusy then farewell(end)

object Listener:
  /** How long the ends of aborted calls may take: their handlers have been cancelled. */
  val AbortTimeout: FiniteDuration = 500.millis

  /** How long peers without a call may take to acknowledge the GOAWAY. */
  private val Farewell = 200.millis

  private val MaxStreams = 100
  private val MaxMetadataBytes = 16 << 10
  private val HandshakeSeconds = 10L

  private val Decompressors =
    DecompressorRegistry.emptyInstance().`with`(Gzip, true).`with`(Codec.Identity.NONE, false)

  /** Binds and serves.
    *
    * @param directives
    *   obey the directives of calls; empty where those are ignored
    * @return
    *   why it cannot bind, in one line, or the listener
    */
  def open(binding: Binding, stores: Stores, directives: Vector[ServerInterceptor]): Either[String, Listener] =
    val health = HealthStatusManager()
    val calls = Calls(binding.maxReceiveBytes)
    val acceptor = Transport.acceptor()
    val guard = directives :+ calls
    val server = builder(binding, acceptor)
      .addServices(services(binding, stores, health).map(guarded(_, guard)).asJava)
      .build()
    try
      val started = server.start()
      Right(Listener(binding.address, acceptor, started, calls, health))
    catch
      case e: IOException =>
        val _ = acceptor.shutdownGracefully(0, 0, NANOSECONDS)
        Left(s"cannot bind ${text(InetSocketAddress(binding.address, binding.port))}: ${root(e).getMessage}")

  private def builder(binding: Binding, acceptor: EventLoopGroup): NettyServerBuilder =
    val builder = NettyServerBuilder
      .forAddress(InetSocketAddress(binding.address, binding.port))
      .channelType(classOf[NioServerSocketChannel])
      .bossEventLoopGroup(acceptor)
      .workerEventLoopGroup(Transport.Connections)
      .withChildOption(ChannelOption.TCP_NODELAY, java.lang.Boolean.TRUE)
      .executor(Transport.Handlers)
      .decompressorRegistry(Decompressors)
      .maxConcurrentCallsPerConnection(MaxStreams)
      .maxInboundMetadataSize(MaxMetadataBytes)
      .maxInboundMessageSize(libraryLimit(binding.maxReceiveBytes))
      .handshakeTimeout(HandshakeSeconds, SECONDS)
    binding.tls.fold(builder)(tls => builder.sslContext(tls.context))

  /** Over its own limit grpc-java resets a stream whose headers it has sent, without a status: it gets a greater one, and
    * [[Calls]] holds to ours.
    */
  private def libraryLimit(limit: Int): Int = (2L * limit).max(1 << 20).min(Int.MaxValue).toInt

  private def services(binding: Binding, stores: Stores, health: HealthStatusManager): Vector[ServerServiceDefinition] =
    val names = Vector("", StockGrpc.SERVICE.getName, KVGrpc.SERVICE.getName)
    names.foreach(health.setStatus(_, ServingStatus.SERVING))
    val about = About.metadata + ("security" -> binding.security)
    val stock = StockService(stores, Description(About.Version, System.nanoTime(), about), Transport.Handlers)
    // What handlers give is complete: there is nothing to do elsewhere.
    val here = ExecutionContext.parasitic
    val healthService = health.getHealthService.bindService()
    val described = Vector(StockGrpc.javaDescriptor, KVGrpc.javaDescriptor) ++
      ReflectionServices.descriptor(healthService.getServiceDescriptor)
    val own = Vector(StockGrpc.bindService(stock, here), KVGrpc.bindService(KvService(stores), here), healthService)
    own ++ ReflectionServices.of(described)

  /** Has requests decoded within the guard: gRPC itself would answer what does not decode with UNKNOWN. */
  private def guarded(service: ServerServiceDefinition, guard: Vector[ServerInterceptor]): ServerServiceDefinition =
    ServerInterceptors.intercept(ServerInterceptors.useInputStreamMessages(service), guard.asJava)

  private def text(endpoint: InetSocketAddress): String =
    val host = InetAddresses.toAddrString(endpoint.getAddress)
    endpoint.getAddress match
      case _: Inet6Address => s"[$host]:${endpoint.getPort}"
      case _ => s"$host:${endpoint.getPort}"

  private def root(error: Throwable): Throwable =
    Iterator
      .iterate(Option(error))(_.flatMap(each => Option(each.getCause)))
      .takeWhile(_.isDefined)
      .flatten
      .toVector
      .last
