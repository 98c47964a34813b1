package dev.tofusoup.stock.options

import com.google.common.net.HostAndPort
import com.google.common.net.InetAddresses
import scala.concurrent.duration.Duration
import scala.concurrent.duration.DurationInt
import scala.concurrent.duration.FiniteDuration

/** How a client uses TLS.
  *
  * @param roots
  *   none: the system's
  * @param serverName
  *   none: the host
  */
final case class ClientTls(roots: Option[Word], identity: Option[IdentityFiles], serverName: Option[String])

/** Where to call, and how. */
final case class Target(server: HostAndPort, tls: Option[ClientTls], maxReceiveBytes: Int)

/** What stock_client was asked for. */
enum ClientOptions:
  /** To print the usage. */
  case Help

  /** To print the version. */
  case Version

  /** To be driven by frames. */
  case Session

  /** To carry out one operation, within a time if there is one. */
  case Operate(operation: Operation, target: Target, timeout: Option[FiniteDuration])

object ClientOptions:
  private val DefaultTimeout = 5.seconds
  private val Endpoint = "(?:\\[([^\\]]+)\\]|([A-Za-z0-9._-]+)):([0-9]{1,5})".r

  private val grammar = Grammar(
    Vector(
      Flag.taking("server", "H:P", "endpoint to call (default 127.0.0.1:50051)"),
      Flag.switch("tls", "use TLS"),
      Flag.taking("ca-file", "F", "roots for the server's certificate, PEM (default: the system's)"),
      Flag.taking("cert-file", "F", "the client's certificate chain, PEM"),
      Flag.taking("key-file", "F", "the client's private key, PEM PKCS#8"),
      Flag.taking("server-name", "N", "name to verify the server's certificate against"),
      Flag.taking("timeout-seconds", "S", "deadline of the call; 0 = none (default 5)"),
      Flag.taking("max-receive-bytes", "N", "largest message read, after decompression (default 4194304)"),
      Flag.taking("count", "N", "monitor: events to print; 0 = until stopped (default 0)"),
      Flag.switch("session", "be driven by frames on standard input and output"),
      Flag.switch("help", "print this and exit"),
      Flag.switch("version", "print the version and exit")
    )
  )

  /** The usage of stock_client. */
  def usage: String = "usage: stock_client OPERATION [ARGUMENTS] [FLAGS]\n" + Operation.usage + grammar.usage

  /** Understands the command line of stock_client. */
  def parse(words: Vector[Word]): Either[UsageError, ClientOptions] =
    for
      line <- grammar.parse(words)
      target <- target(line)
      timeout <- line.seconds("timeout-seconds")
      count <- line.number("count", 0, Long.MaxValue)
      options <- chosen(line, target, timeout.getOrElse(DefaultTimeout), count)
    yield options

  private def chosen(
      line: Line,
      target: Target,
      timeout: FiniteDuration,
      count: Option[Long]
  ): Either[UsageError, ClientOptions] =
    if line.has("help") then Right(Help)
    else if line.has("version") then Right(Version)
    else if line.has("session") then session(line)
    else
      for
        operation <- Operation.parse(line.arguments, count)
        _ <- checkTls(line)
      yield Operate(operation, target, Some(timeout).filter(_ > Duration.Zero))

  private def session(line: Line): Either[UsageError, ClientOptions] =
    line
      .checkSession(Set.empty)
      .flatMap: _ =>
        line.arguments.headOption match
          case Some(word) => Left(UsageError(s"--session goes without an operation: ${word.printable}"))
          case None => Right(Session)

  private def target(line: Line): Either[UsageError, Target] =
    for
      server <- line.value("server", "HOST:PORT")(endpoint)
      roots <- line.word("ca-file")
      chain <- line.word("cert-file")
      key <- line.word("key-file")
      serverName <- line.text("server-name")
      receive <- line.number("max-receive-bytes", 1, Int.MaxValue)
    yield Target(
      server.getOrElse(HostAndPort.fromParts("127.0.0.1", ServerOptions.DefaultPort)),
      Option.when(line.has("tls"))(ClientTls(roots, chain.zip(key).map(IdentityFiles(_, _)), serverName)),
      receive.fold(ServerOptions.DefaultReceiveBytes)(_.toInt)
    )

  private def checkTls(line: Line): Either[UsageError, Unit] =
    val alone = Vector("ca-file", "cert-file", "key-file", "server-name").find(line.has).filterNot(_ => line.has("tls"))
    (alone, line.has("cert-file"), line.has("key-file")) match
      case (Some(name), _, _) => Left(UsageError(s"--$name needs --tls"))
      case (_, true, false) => Left(UsageError("--cert-file needs --key-file"))
      case (_, false, true) => Left(UsageError("--key-file needs --cert-file"))
      case _ => Right(())

  /** A host and a port, with an IPv6 address in brackets. */
  private def endpoint(word: Word): Option[HostAndPort] = word.raw match
    case Endpoint(literal, name, digits) =>
      val address = Option(literal).filter(text => text.contains(':') && InetAddresses.isInetAddress(text))
      val port = Option(digits).flatMap(_.toIntOption).filter((1 to ServerOptions.MostPort).contains(_))
      address.orElse(Option(name)).zip(port).map(HostAndPort.fromParts(_, _))
    case _ => None
