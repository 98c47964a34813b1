package dev.tofusoup.stock.session

import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.credentials.ServerTls
import dev.tofusoup.stock.directive.DirectiveInterceptor
import dev.tofusoup.stock.listener.Binding
import dev.tofusoup.stock.listener.Listener
import dev.tofusoup.stock.store.Stores
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import scala.concurrent.duration.DurationLong
import scala.concurrent.duration.FiniteDuration
import tofusoup.stock.session.Command.Command
import tofusoup.stock.session.Event.Event
import tofusoup.stock.session.Listen
import tofusoup.stock.session.Listening
import tofusoup.stock.session.Role
import tofusoup.stock.session.Security
import tofusoup.stock.session.Stop
import tofusoup.stock.session.Stopped

/** Obeys the commands of a runner to a stock_server. */
final class ServerSession private (output: Output, warmup: Warmup):
  import ServerSession.*

  private val stores = Stores()
  private val directives = DirectiveInterceptor(stores, observed => output.send(Event.Observed(observed)))
  private var open = Map.empty[Int, Listener]
  private var used = Set.empty[Int]
  private var drains = Vector.empty[Thread]
  private var ending = false

  /** Obeys commands to the end of the input. */
  def run(input: InputStream): Either[FrameError, Unit] = Session.obeyAll(input, output)(obey)

  /** Drains what is open; whatever still drains after the grace is left behind. */
  def end(grace: FiniteDuration): Unit =
    val all = synchronized:
      ending = true
      open.values.foreach(startDrain(_, grace)(() => ()))
      drains
    val end = System.nanoTime() + (grace + Listener.AbortTimeout).toNanos
    all.foreach(drain => drain.join(((end - System.nanoTime()) / 1_000_000).max(1)))
    output.close()

  private def obey(command: Command): Either[Refusal, Unit] = synchronized:
    command match
      case _ if ending => Left(Refusal("the session is ending"))
      case Command.Listen(listen) => obey(listen)
      case Command.Stop(stop) => obey(stop)
      case Command.Forget(forget) => Right(stores.forget(forget.stores))
      case other => Left(Refusal(s"command: ${other.productPrefix} given, Listen, Stop or Forget expected"))

  private def obey(command: Listen): Either[Refusal, Unit] =
    val number = command.listener
    val taken = Refusal(s"listener: ${Refusal.number(number)} given, a new number from 1 expected")
    for
      _ <- Either.cond(number != 0 && !used(number), (), taken)
      _ = warmup.await()
      binding <- binding(command)
      listener <- Listener.open(binding, stores, Vector(directives)).left.map(Refusal(_))
    yield
      used += number
      open += number -> listener
      output.send(Event.Listening(Listening(number, listener.port)))

  private def obey(command: Stop): Either[Refusal, Unit] =
    val number = command.listener
    open
      .get(number)
      .toRight(Refusal(s"listener: ${Refusal.number(number)} given, which is not open"))
      .map: listener =>
        open -= number
        val grace = Integer.toUnsignedLong(command.graceMs).millis
        startDrain(listener, grace)(() => output.send(Event.Stopped(Stopped(number))))

  private def startDrain(listener: Listener, grace: FiniteDuration)(done: () => Unit): Unit =
    val work: Runnable = () =>
      listener.drain(grace)
      done()
    val drain = Thread(work, "drain")
    drain.setDaemon(true)
    drain.start()
    drains :+= drain

object ServerSession:
  /** Says Hello. */
  def apply(stream: OutputStream): ServerSession =
    val output = Output(stream)
    output.send(
      Session.hello(
        Role.ROLE_SERVER,
        "gzip_response",
        "reflection_v1",
        "reflection_v1alpha",
        "observe_peer",
        "observe_tls",
        "observe_encoding"
      )
    )
    new ServerSession(output, Warmup.start())

  private def binding(command: Listen): Either[Refusal, Binding] =
    val port = Refusal.number(command.port)
    for
      address <- Addresses.literal(command.host)
      _ <- Either.cond(
        Integer.toUnsignedLong(command.port) <= Session.MaxPort,
        (),
        Refusal(s"port: $port given, at most ${Session.MaxPort} expected")
      )
      tls <- tls(command, address)
    yield Binding(address, command.port, tls, Addresses.maxReceiveBytes(command.maxReceiveBytes))

  private def tls(command: Listen, address: InetAddress): Either[Refusal, Option[ServerTls]] = command.security match
    case Security.SECURITY_PLAINTEXT =>
      val exposed = Refusal(s"host: ${command.host} given, plaintext is for loopback")
      Either.cond(address.isLoopbackAddress, None, exposed)
    case Security.SECURITY_TLS => credentials(command, isMutual = false).map(Some(_))
    case Security.SECURITY_MTLS => credentials(command, isMutual = true).map(Some(_))
    case other => Left(Addresses.noSecurity(other))

  private def credentials(command: Listen, isMutual: Boolean): Either[Refusal, ServerTls] =
    val own = command.getIdentity
    val tls =
      for
        identity <- Identity.parse(own.chainPem.toByteArray, own.keyPem.toByteArray)
        roots <- if isMutual then Pem.clientRoots(command.clientRootsPem.toByteArray).map(Some(_)) else Right(None)
        tls <- Credentials.server(identity, roots)
      yield tls
    tls.left.map(error => Refusal(error.reason))
