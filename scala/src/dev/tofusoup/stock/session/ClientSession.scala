package dev.tofusoup.stock.session

import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.headers.Headers
import io.grpc.Metadata
import io.netty.handler.ssl.SslContext
import java.io.InputStream
import java.io.OutputStream
import java.net.InetSocketAddress
import tofusoup.stock.session
import tofusoup.stock.session.CloseChannel
import tofusoup.stock.session.Command.Command
import tofusoup.stock.session.OpenChannel
import tofusoup.stock.session.Role
import tofusoup.stock.session.Security
import tofusoup.stock.session.Start

/** Obeys the commands of a runner to a stock_client. */
final class ClientSession private (output: Output, warmup: Warmup):
  import ClientSession.*

  private var channels = Map.empty[Int, StockChannel]
  private var usedChannels = Set.empty[Int]
  private var running = Map.empty[Int, Running]
  private var highest = 0
  private var ending = false

  /** Obeys commands to the end of the input. */
  def run(input: InputStream): Either[FrameError, Unit] = Session.obeyAll(input, output)(obey)

  /** Cancels what is open. */
  def end(): Unit =
    synchronized:
      ending = true
      channels.keys.foreach(close)
      val end = System.nanoTime() + EndNanos
      while running.nonEmpty && System.nanoTime() < end do wait(((end - System.nanoTime()) / 1_000_000).max(1))
    output.close()

  private def obey(command: Command): Either[Refusal, Unit] = synchronized:
    command match
      case _ if ending => Left(Refusal("the session is ending"))
      case Command.OpenChannel(open) => obey(open)
      case Command.CloseChannel(CloseChannel(number, _)) => channel(number).map(_ => close(number))
      case Command.Start(start) => obey(start)
      case Command.Send(send) => withCall(send.call)(_.send(send.requests))
      case Command.HalfClose(end) => withCall(end.call)(_.halfClose())
      case Command.Receive(receive) => withCall(receive.call)(call => Right(call.receive(receive.credit)))
      case Command.Cancel(cancel) => withCall(cancel.call)(call => Right(call.cancel()))
      case other => Left(Refusal(s"command: ${other.productPrefix} given, one for a client expected"))

  private def obey(command: OpenChannel): Either[Refusal, Unit] =
    val number = command.channel
    val taken = Refusal(s"channel: ${Refusal.number(number)} given, a new number from 1 expected")
    for
      _ <- Either.cond(number != 0 && !usedChannels(number), (), taken)
      _ = warmup.await()
      endpoint <- endpoint(command)
    yield
      usedChannels += number
      channels += number -> StockChannel(endpoint)

  private def obey(command: Start): Either[Refusal, Unit] =
    for
      channel <- channel(command.channel)
      method <- Methods.of(command.rpc)
      _ <- check(command, method)
      call <- call(command, method)
    yield
      highest = command.call
      running += highest -> Running(call, command.channel)
      call.start(channel.channel)

  private def channel(number: Int): Either[Refusal, StockChannel] =
    channels.get(number).toRight(Refusal(s"channel: ${Refusal.number(number)} given, which is not open"))

  /** Cancels the calls of a channel first: the other way round they would end as unavailable. */
  private def close(number: Int): Unit =
    running.values.filter(_.channel == number).foreach(_.call.cancel())
    channels.get(number).foreach(_.close())
    channels -= number

  private def check(command: Start, method: Method[?, ?]): Either[Refusal, Unit] =
    val requests = command.requests.size
    val complaints = Vector(
      Option.when(Integer.compareUnsigned(command.call, highest) <= 0):
        s"call: ${Refusal.number(command.call)} given, a number over ${Refusal.number(highest)} expected"
      ,
      Option.when(command.timeoutNs < 0)(s"timeout_ns: ${command.timeoutNs} given, 0 or more expected"),
      Option.when(requests != 1 && !method.sends)(s"requests: $requests given, ${command.rpc.name} takes exactly 1")
    )
    complaints.flatten.headOption.map(Refusal(_)).toLeft(())

  private def call[Q, R](command: Start, method: Method[Q, R]): Either[Refusal, Call[Q, R]] =
    for
      requests <- method.unwrapAll(command.requests)
      metadata <- metadata(command)
    yield
      val number = command.call
      Call(command, method, requests, metadata, CallReport(number, output), () => ended(number))

  /** Does something to a running call. One that has ended is passed over: nobody could know yet. */
  private def withCall(number: Int)(step: Call[?, ?] => Either[Refusal, Unit]): Either[Refusal, Unit] =
    running.get(number) match
      case Some(found) => step(found.call)
      case None if number == 0 || Integer.compareUnsigned(number, highest) > 0 =>
        Left(Refusal(s"call: ${Refusal.number(number)} given, which never was one"))
      case None => Right(())

  private def ended(number: Int): Unit = synchronized:
    running -= number
    notifyAll()

object ClientSession:
  private val EndNanos = 1_000_000_000L

  /** A running call and the channel that it is on. */
  final private case class Running(call: Call[?, ?], channel: Int)

  /** Says Hello. */
  def apply(stream: OutputStream): ClientSession =
    val output = Output(stream)
    output.send(Session.hello(Role.ROLE_CLIENT, "gzip_request", "wait_for_ready"))
    new ClientSession(output, Warmup.start())

  private def endpoint(command: OpenChannel): Either[Refusal, Endpoint] =
    val port = command.port
    val wrong = Refusal(s"port: ${Refusal.number(port)} given, 1 to ${Session.MaxPort} expected")
    for
      address <- Addresses.literal(command.host)
      _ <- Either.cond((1 to Session.MaxPort).contains(port), (), wrong)
      tls <- tls(command)
    yield Endpoint(
      InetSocketAddress(address, port),
      tls,
      Option(command.serverName).filter(_.nonEmpty),
      Addresses.maxReceiveBytes(command.maxReceiveBytes)
    )

  private def tls(command: OpenChannel): Either[Refusal, Option[SslContext]] = command.security match
    case Security.SECURITY_PLAINTEXT => Right(None)
    case Security.SECURITY_TLS => credentials(command, None).map(Some(_))
    case Security.SECURITY_MTLS => credentials(command, command.identity).map(Some(_))
    case other => Left(Addresses.noSecurity(other))

  private def credentials(command: OpenChannel, offered: Option[session.Identity]): Either[Refusal, SslContext] =
    val context =
      for
        roots <- Pem.roots(command.rootsPem.toByteArray)
        identity <- offered match
          case None => Right(None)
          case Some(own) => Identity.parse(own.chainPem.toByteArray, own.keyPem.toByteArray).map(Some(_))
        context <- Credentials.client(Some(roots), identity)
      yield context
    context.left.map(error => Refusal(error.reason))

  private def metadata(command: Start): Either[Refusal, Metadata] =
    try Right(command.metadata.fold(Metadata())(Headers.toGrpc))
    catch case e: IllegalArgumentException => Left(Refusal(s"metadata: ${e.getMessage}"))
