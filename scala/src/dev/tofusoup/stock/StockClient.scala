package dev.tofusoup.stock

import com.google.common.net.InetAddresses
import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.CredentialsError
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.options.ClientOptions
import dev.tofusoup.stock.options.ClientTls
import dev.tofusoup.stock.options.ExitCode
import dev.tofusoup.stock.options.Target
import dev.tofusoup.stock.options.UsageError
import dev.tofusoup.stock.options.Word
import dev.tofusoup.stock.session.ClientSession
import io.grpc.Status
import io.grpc.StatusException
import io.grpc.StatusRuntimeException
import io.netty.handler.ssl.SslContext
import java.io.IOException
import java.net.InetSocketAddress
import scala.util.Using

/** The program stock_client: options, then one operation, or a session. */
final private[stock] class StockClient(streams: Streams):
  /** Carries out one operation, or a session; the exit code. */
  def run(words: Vector[Word]): Int = ClientOptions.parse(words) match
    case Left(error) => misused(error)
    case Right(ClientOptions.Help) => printed(ClientOptions.usage)
    case Right(ClientOptions.Version) => printed(About.line("stock_client") + "\n")
    case Right(ClientOptions.Session) => session()
    case Right(operate: ClientOptions.Operate) =>
      try this.operate(operate)
      catch
        case e: StatusException => failed(e.getStatus)
        case e: StatusRuntimeException => failed(e.getStatus)
        case e: IOException => streams.failed(Lines.oneLine(s"$e"), ExitCode.Internal)

  private def printed(text: String): Int =
    streams.print(text)
    ExitCode.Ok

  private def misused(error: UsageError): Int =
    streams.failed(error.reason + "\n" + ClientOptions.usage.stripSuffix("\n"), ExitCode.Usage)

  private def failed(status: Status): Int =
    val message = Option(status.getDescription).getOrElse("")
    streams.failed(s"${status.getCode}: ${Lines.oneLine(message)}", ExitCode.Rpc + status.getCode.value)

  private def operate(options: ClientOptions.Operate): Int =
    Operations.prepare(options.operation, streams.input) match
      case Left(error) => misused(error)
      case Right(work) =>
        endpoint(options.target) match
          case Left(error) => streams.failed(error.reason, ExitCode.Usage)
          case Right(endpoint) =>
            Using.resource(StockChannel(endpoint))(channel => work(Calls(channel.channel, options.timeout), streams))

  private def session(): Int =
    val session = ClientSession(streams.output)
    val signals = Signals()
    val input = SessionInput.read(signals)(session.run(streams.input))
    signals.await()
    session.end()
    input.explain(streams)

  private def endpoint(target: Target): Either[CredentialsError, Endpoint] =
    val (host, port) = (target.server.getHost, target.server.getPort)
    val address =
      if InetAddresses.isInetAddress(host) then InetSocketAddress(InetAddresses.forString(host), port)
      else InetSocketAddress(host, port)
    val context = target.tls match
      case None => Right(None)
      case Some(tls) => this.context(tls).map(Some(_))
    context.map(Endpoint(address, _, target.tls.flatMap(_.serverName), target.maxReceiveBytes))

  private def context(tls: ClientTls): Either[CredentialsError, SslContext] =
    for
      roots <- tls.roots match
        case None => Right(None)
        case Some(file) => Pem.read(file.path).flatMap(Pem.roots).map(Some(_))
      identity <- tls.identity match
        case None => Right(None)
        case Some(own) => Identity.read(own.chain.path, own.key.path).map(Some(_))
      context <- Credentials.client(roots, identity)
    yield context

object StockClient:
  /** Runs the program and ends the process, whatever threads are left. SIGINT ends it as it ends Java. */
  def main(words: Array[String]): Unit =
    val streams = Streams.take()
    Runtime.getRuntime.halt(streams.orFault(new StockClient(streams).run(Word.ofProcess(words))))
