package dev.tofusoup.stock.options

import com.google.common.net.InetAddresses
import scala.concurrent.duration.DurationInt
import scala.concurrent.duration.FiniteDuration

/** The files of an own identity. */
final case class IdentityFiles(chain: Word, key: Word)

/** What a server's TLS is made of; mutual where there are roots of clients. */
final case class ServerFiles(identity: IdentityFiles, clientRoots: Option[Word])

/** What stock_server was asked for. */
enum ServerOptions:
  /** To print the usage. */
  case Help

  /** To print the version. */
  case Version

  /** To be driven by frames; always in conformance mode. */
  case Session(grace: FiniteDuration)

  /** To serve on an endpoint; in plaintext where there are no files. */
  case Serve(
      host: String,
      port: Int,
      files: Option[ServerFiles],
      grace: FiniteDuration,
      maxReceiveBytes: Int,
      conformance: Boolean
  )

object ServerOptions:
  /** The largest message read, unless somebody says otherwise. */
  val DefaultReceiveBytes: Int = 4 << 20

  private[options] val DefaultPort = 50051
  private[options] val MostPort = 65535

  private val grammar = Grammar(
    Vector(
      Flag.taking("host", "H", "address to bind (default 127.0.0.1)"),
      Flag.taking("port", "N", "port to bind; 0 = any free one (default 50051)"),
      Flag.taking("tls-mode", "MODE", "none, tls or mtls (default none)"),
      Flag.taking("cert-file", "F", "the server's certificate chain, PEM"),
      Flag.taking("key-file", "F", "the server's private key, PEM PKCS#8"),
      Flag.taking("client-ca-file", "F", "roots for client certificates, PEM; mtls"),
      Flag.taking("grace-seconds", "S", "time for running calls when the server drains (default 3)"),
      Flag.taking("max-receive-bytes", "N", "largest message read, after decompression (default 4194304)"),
      Flag.switch("allow-plaintext-network", "allow a host beyond loopback without TLS"),
      Flag.switch("conformance", "obey the directives in request metadata"),
      Flag.switch("session", "be driven by frames on standard input and output"),
      Flag.switch("help", "print this and exit"),
      Flag.switch("version", "print the version and exit")
    )
  )

  /** The usage of stock_server. */
  def usage: String = "usage: stock_server [FLAGS]\n" + grammar.usage

  /** Understands the command line of stock_server. */
  def parse(words: Vector[Word]): Either[UsageError, ServerOptions] =
    for
      line <- grammar.parse(words)
      serve <- values(line)
      options <- chosen(line, serve)
    yield options

  private def chosen(line: Line, values: Values): Either[UsageError, ServerOptions] =
    if line.has("help") then Right(Help)
    else if line.has("version") then Right(Version)
    else if line.arguments.nonEmpty then Left(UsageError(s"stray argument: ${line.arguments.head.printable}"))
    else if line.has("session") then
      line.checkSession(Set("conformance", "grace-seconds")).map(_ => Session(values.grace))
    else values.serve(line)

  /** The values of all flags, each right by itself. */
  private def values(line: Line): Either[UsageError, Values] =
    for
      host <- line.text("host")
      port <- line.number("port", 0, MostPort)
      mode <- line.value("tls-mode", "none, tls or mtls")(mode(line, _))
      chain <- line.word("cert-file")
      key <- line.word("key-file")
      roots <- line.word("client-ca-file")
      grace <- line.seconds("grace-seconds")
      receive <- line.number("max-receive-bytes", 1, Int.MaxValue)
    yield Values(
      host.getOrElse("127.0.0.1"),
      port.fold(DefaultPort)(_.toInt),
      mode.getOrElse(Mode.none),
      Map("cert-file" -> chain, "key-file" -> key, "client-ca-file" -> roots),
      grace.getOrElse(3.seconds),
      receive.fold(DefaultReceiveBytes)(_.toInt)
    )

  private enum Mode:
    case none, tls, mtls

    def needs: Set[String] = this match
      case Mode.none => Set.empty
      case Mode.tls => Set("cert-file", "key-file")
      case Mode.mtls => Set("cert-file", "key-file", "client-ca-file")

  /** The mode of a name, if it is one; the later ones are names that upstream gives. */
  private def mode(line: Line, name: Word): Option[Mode] = name.raw match
    case "none" | "disabled" => Some(Mode.none)
    case "tls" => Some(Mode.tls)
    case "mtls" => Some(Mode.mtls)
    case "server" | "manual" => Some(if line.has("client-ca-file") then Mode.mtls else Mode.tls)
    case _ => None

  final private case class Values(
      host: String,
      port: Int,
      mode: Mode,
      files: Map[String, Option[Word]],
      grace: FiniteDuration,
      maxReceiveBytes: Int
  ):
    def serve(line: Line): Either[UsageError, ServerOptions] =
      mismatch
        .orElse(exposed(line))
        .toLeft:
          val identity = files("cert-file").zip(files("key-file")).map(IdentityFiles(_, _))
          val server = identity.map(ServerFiles(_, files("client-ca-file")))
          Serve(host, port, server, grace, maxReceiveBytes, line.has("conformance"))

    /** The first file that the mode does not go with, or without. */
    private def mismatch: Option[UsageError] =
      Vector("cert-file", "key-file", "client-ca-file").flatMap(name => mismatch(name)).headOption

    private def mismatch(name: String): Option[UsageError] = (mode.needs(name), files(name)) match
      case (true, None) => Some(UsageError(s"--tls-mode $mode needs --$name"))
      case (false, Some(_)) => Some(UsageError(s"--$name does not go with --tls-mode $mode"))
      case _ => None

    private def exposed(line: Line): Option[UsageError] =
      val allowed = mode != Mode.none || line.has("allow-plaintext-network") || isLoopback(host)
      Option.unless(allowed):
        UsageError(s"--host ${Word(host).printable} without TLS needs --allow-plaintext-network")

  private def isLoopback(host: String): Boolean =
    if InetAddresses.isInetAddress(host) then InetAddresses.forString(host).isLoopbackAddress
    else host == "localhost"
