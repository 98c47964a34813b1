package dev.tofusoup.stock.session

import com.google.protobuf.ByteString
import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.Ephemeral
import dev.tofusoup.stock.directive.DirectiveInterceptor
import dev.tofusoup.stock.directive.Report
import dev.tofusoup.stock.listener.Binding
import dev.tofusoup.stock.listener.Listener
import dev.tofusoup.stock.options.ServerOptions
import dev.tofusoup.stock.store.Stores
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.logging.Level
import java.util.logging.Logger
import scala.concurrent.duration.Duration
import scala.concurrent.duration.DurationInt
import scala.util.Using
import scala.util.control.NonFatal
import tofusoup.stock.TradeOrder

/** Has the machine load and compile what calls take, by calls to a listener of its own over mutual TLS. Else the first
  * calls of a session would wait for that, which takes seconds where many programs start at once: longer than a deadline
  * may allow.
  */
final class Warmup private (thread: Thread):
  /** Waits until everything is warm, or has taken too long. */
  def await(): Unit = thread.join(Warmup.Patience.toMillis)

object Warmup:
  private val logger = Logger.getLogger(classOf[Warmup].getName)
  private val CallTimeout = 10.seconds

  /** After this a listener or a channel does without: a runner waits too. */
  private val Patience = 3.seconds

  /** Enough for the compiler to begin. */
  private val Rounds = 20

  /** Begins to warm up. */
  private[session] def start(): Warmup =
    val thread = Thread(() => run(), "warmup")
    thread.setDaemon(true)
    thread.start()
    Warmup(thread)

  /** Warms up. */
  def run(): Unit =
    try callItself().left.foreach(reason => logger.warning(s"the machine is not warm: $reason"))
    catch case NonFatal(e) => logger.log(Level.WARNING, "the machine is not warm", e) // whatever is wrong will show

  private def callItself(): Either[String, Unit] =
    val identity = Ephemeral.mint()
    val stores = Stores()
    val loopback = InetAddress.getLoopbackAddress
    val limit = ServerOptions.DefaultReceiveBytes
    for
      server <- Credentials.server(identity, Some(identity.chain)).left.map(_.reason)
      client <- Credentials.client(Some(identity.chain), Some(identity)).left.map(_.reason)
      directives = Vector(DirectiveInterceptor(stores, Report.Nobody))
      listener <- Listener.open(Binding(loopback, 0, Some(server), limit), stores, directives)
    yield
      val endpoint = Endpoint(InetSocketAddress(loopback, listener.port), Some(client), Some("localhost"), limit)
      try Using.resource(StockChannel(endpoint))(channel => call(Calls(channel.channel, Some(CallTimeout))))
      finally listener.drain(Duration.Zero)

  private def call(calls: Calls): Unit =
    (1 to Rounds).foreach(_ => calls.put("key", ByteString.EMPTY))
    val _ = calls.get("key")
    val _ = calls.inventory()
    val _ = calls.batch(Nil)
    calls.monitor("")(_ => ())
    val _ = calls.trade(Seq(TradeOrder(symbol = "symbol", quantity = 1)))(_.toVector)
