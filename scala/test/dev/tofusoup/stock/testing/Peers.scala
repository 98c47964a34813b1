package dev.tofusoup.stock.testing

import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.directive.DirectiveInterceptor
import dev.tofusoup.stock.listener.Binding
import dev.tofusoup.stock.listener.Listener
import dev.tofusoup.stock.store.Stores
import io.grpc.Channel
import io.grpc.ClientInterceptor
import io.grpc.Metadata
import io.grpc.stub.MetadataUtils
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.NANOSECONDS
import scala.concurrent.duration.Duration
import scala.concurrent.duration.DurationInt
import scala.concurrent.duration.FiniteDuration
import tofusoup.stock.session.Observed

/** A server in conformance mode and a channel to it, in plaintext. */
final class Peers private (
    val listener: Listener,
    stockChannel: StockChannel,
    observations: LinkedBlockingQueue[Observed]
) extends AutoCloseable:
  def channel: Channel = stockChannel.channel

  def calls: Calls = Calls(channel, Some(Peers.Patience))

  /** What the server has seen of a call, in the order of their ends. */
  def observed(): Observed =
    Option(observations.poll(Peers.Patience.toNanos, NANOSECONDS))
      .getOrElse(throw AssertionError("nothing was observed"))

  override def close(): Unit =
    stockChannel.close()
    listener.drain(Duration.Zero)

object Peers:
  /** How long a test waits for anything. */
  val Patience: FiniteDuration = 20.seconds

  val Loopback: InetAddress = InetAddress.getLoopbackAddress

  /** The largest message, where a test asks for no other. */
  val Limit: Int = 4 << 20

  /** Listens and makes the channel. */
  def connect(): Peers =
    val stores = Stores()
    val observations = LinkedBlockingQueue[Observed]()
    val directives = Vector(DirectiveInterceptor(stores, observations.put))
    val listener = opened(Binding(Loopback, 0, None, Limit), stores, directives)
    Peers(listener, StockChannel(Endpoint(InetSocketAddress(Loopback, listener.port), None, None, Limit)), observations)

  /** A listener that must open. */
  def opened(
      binding: Binding,
      stores: Stores = Stores(),
      directives: Vector[DirectiveInterceptor] = Vector.empty
  ): Listener = Listener.open(binding, stores, directives).fold(reason => throw AssertionError(reason), identity)

  /** Gives a call what may be a directive. */
  def directed(directive: Array[Byte]): ClientInterceptor =
    val metadata = Metadata()
    metadata.put(DirectiveInterceptor.Key, directive)
    MetadataUtils.newAttachHeadersInterceptor(metadata)
