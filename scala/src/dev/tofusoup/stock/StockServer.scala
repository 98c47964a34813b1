package dev.tofusoup.stock

import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.CredentialsError
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.credentials.ServerTls
import dev.tofusoup.stock.directive.DirectiveInterceptor
import dev.tofusoup.stock.directive.Report
import dev.tofusoup.stock.listener.Binding
import dev.tofusoup.stock.listener.Listener
import dev.tofusoup.stock.options.ExitCode
import dev.tofusoup.stock.options.ServerFiles
import dev.tofusoup.stock.options.ServerOptions
import dev.tofusoup.stock.options.Word
import dev.tofusoup.stock.session.ServerSession
import dev.tofusoup.stock.store.Stores
import java.net.InetAddress
import java.net.UnknownHostException
import scala.concurrent.duration.FiniteDuration

/** The program stock_server: options, credentials, listen, ready line, drain. */
final private[stock] class StockServer(streams: Streams, signals: Signals):
  /** Serves until a signal has drained the server, or the end of a session's input; the exit code. */
  def run(words: Vector[Word]): Int = ServerOptions.parse(words) match
    case Left(error) => streams.failed(error.reason + "\n" + ServerOptions.usage.stripSuffix("\n"), ExitCode.Usage)
    case Right(ServerOptions.Help) => printed(ServerOptions.usage)
    case Right(ServerOptions.Version) => printed(About.line("stock_server") + "\n")
    case Right(ServerOptions.Session(grace)) => session(grace)
    case Right(serve: ServerOptions.Serve) =>
      listen(serve) match
        case Left((reason, code)) => streams.failed(reason, code)
        case Right(listener) => serveUntilEnd(listener, serve.grace)

  private def printed(text: String): Int =
    streams.print(text)
    ExitCode.Ok

  private def serveUntilEnd(listener: Listener, grace: FiniteDuration): Int =
    streams.print(s"Server listening on ${listener.endpoint}\n")
    signals.await()
    signals.unlessAgain(grace + Listener.AbortTimeout)(listener.drain(grace))
    ExitCode.Ok

  private def session(grace: FiniteDuration): Int =
    val session = ServerSession(streams.output)
    val input = SessionInput.read(signals)(session.run(streams.input))
    signals.await()
    signals.unlessAgain(grace + Listener.AbortTimeout)(session.end(grace))
    input.explain(streams)

  /** The listener; or why there is none, and the exit code for that. */
  private def listen(options: ServerOptions.Serve): Either[(String, Int), Listener] =
    val stores = Stores()
    val directives = Option.when(options.conformance)(DirectiveInterceptor(stores, Report.Nobody))
    for
      tls <- tls(options.files).left.map(error => (error.reason, ExitCode.Usage))
      address <- address(options.host).left.map((_, ExitCode.CannotBind))
      binding = Binding(address, options.port, tls, options.maxReceiveBytes)
      listener <- Listener.open(binding, stores, directives.toVector).left.map((_, ExitCode.CannotBind))
    yield listener

  private def tls(files: Option[ServerFiles]): Either[CredentialsError, Option[ServerTls]] = files match
    case None => Right(None)
    case Some(ServerFiles(own, clientRoots)) =>
      for
        identity <- Identity.read(own.chain.path, own.key.path)
        roots <- clientRoots match
          case None => Right(None)
          case Some(file) => Pem.read(file.path).flatMap(Pem.clientRoots).map(Some(_))
        tls <- Credentials.server(identity, roots)
      yield Some(tls)

  private def address(host: String): Either[String, InetAddress] =
    try Right(InetAddress.getByName(host))
    catch case _: UnknownHostException => Left(s"cannot bind $host: no such host")

object StockServer:
  /** Runs the program and ends the process, whatever threads are left. */
  def main(words: Array[String]): Unit =
    val streams = Streams.take()
    val signals = Signals.catching()
    Runtime.getRuntime.halt(streams.orFault(new StockServer(streams, signals).run(Word.ofProcess(words))))
