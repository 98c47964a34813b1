package dev.tofusoup.stock.options

import com.google.common.net.HostAndPort
import com.google.protobuf.ByteString
import scala.concurrent.duration.Duration
import scala.concurrent.duration.DurationInt
import scala.util.Random

class OptionsTest extends munit.FunSuite:
  import OptionsTest.*

  private val identity = IdentityFiles(Word("c"), Word("k"))

  private def served(line: String): ServerOptions.Serve = ServerOptions.parse(words(line)) match
    case Right(serve: ServerOptions.Serve) => serve
    case other => fail(s"$line: $other")

  private def operated(line: String): ClientOptions.Operate = ClientOptions.parse(words(line)) match
    case Right(operate: ClientOptions.Operate) => operate
    case other => fail(s"$line: $other")

  private def assertRefused(result: Either[UsageError, Any], expected: String): Unit = result match
    case Left(UsageError(reason)) => assert(reason.contains(expected) && !reason.contains('\n'), reason)
    case Right(taken) => fail(s"taken: $taken")

  test("a server's defaults"):
    assertEquals(served(""), ServerOptions.Serve("127.0.0.1", 50051, None, 3.seconds, 4 << 20, false))

  for line <- Seq("", "--tls-mode disabled", "--host ::1", "--host localhost", "--host 127.9.9.9") do
    test(s"plaintext: $line"):
      assertEquals(served(line).files, None)

  test("a server's security"):
    assertEquals(served("--host 0.0.0.0 --allow-plaintext-network").files, None)
    for mode <- Seq("tls", "server", "manual") do
      val line = s"--tls-mode=$mode --cert-file=c --key-file k"
      assertEquals(served(line).files, Some(ServerFiles(identity, None)))
    for mode <- Seq("mtls", "server", "manual") do
      val line = s"--client-ca-file a --tls-mode $mode --cert-file c --key-file k"
      assertEquals(served(line).files, Some(ServerFiles(identity, Some(Word("a")))))

  for (line, expected) <- ServerRefusals do
    test(s"a server refuses: $line"):
      assertRefused(ServerOptions.parse(words(line)), expected)

  test("a server's values"):
    val serve = served("--port=1 --port 0 --grace-seconds 0.25 --max-receive-bytes 7 --conformance")
    assertEquals((serve.port, serve.grace, serve.maxReceiveBytes, serve.conformance), (0, 250.millis, 7, true))
    assertEquals(served("--grace-seconds 0.0000000001").grace, 1.nano)
    val session = ServerOptions.parse(words("--session --grace-seconds 0"))
    assertEquals(session, Right(ServerOptions.Session(Duration.Zero)))
    assertEquals(ServerOptions.parse(words("--help stray")), Right(ServerOptions.Help))
    assertEquals(ServerOptions.parse(words("--version")), Right(ServerOptions.Version))

  test("a client's defaults"):
    val target = Target(HostAndPort.fromParts("127.0.0.1", 50051), None, 4 << 20)
    assertEquals(operated("get k"), ClientOptions.Operate(Operation.Get("k"), target, Some(5.seconds)))

  test("flags stand anywhere, and -- ends them"):
    val put = operated("--tls put --server [::1]:7 k --server-name n -5 --timeout-seconds=0")
    assertEquals(put.operation, Operation.Put("k", Value.Literal(ByteString.copyFromUtf8("-5"))))
    assertEquals(put.target.server, HostAndPort.fromParts("::1", 7))
    assertEquals((put.target.tls, put.timeout), (Some(ClientTls(None, None, Some("n"))), None))
    assertEquals(operated("put k - --server h_1.x:65535").operation, Operation.Put("k", Value.StandardInput))
    assertEquals(operated("monitor a* --count 3").operation, Operation.Monitor("a", 3))
    val dashes = Operation.KvPut("k", Value.Literal(ByteString.copyFromUtf8("--v")))
    assertEquals(operated("kv-put -- k --v").operation, dashes)

  for (line, expected) <- ClientRefusals do
    test(s"a client refuses: $line"):
      assertRefused(ClientOptions.parse(words(line)), expected)

  test("words are bytes"):
    val stray = Word.of(Array(0xff.toByte))
    assertRefused(ClientOptions.parse(Vector(Word("get"), stray)), "get: \"\\xff\" given, UTF-8 expected")
    val put = ClientOptions
      .parse(Vector(Word("put"), Word("k"), stray))
      .map:
        case operate: ClientOptions.Operate => operate.operation
        case other => fail(s"$other")
    assertEquals(put, Right(Operation.Put("k", Value.Literal(ByteString.copyFrom(stray.bytes)))))
    assertEquals((Word("é").text, stray.text), (Some("é"), None))
    assertEquals(Word("é\n").printable, "é\\x0a")

  test("items and orders"):
    val item = Operation.item(Word("k=v=x"))
    assertEquals(item, Right(Item("k", ByteString.copyFromUtf8("v=x"))))
    assertRefused(Operation.item(Word("k")), "batch: \"k\" given, KEY=VALUE expected")
    assertRefused(Operation.item(Word.of(Array(0xff.toByte, '='.toByte))), "batch: \"\\xff\" given, a key of UTF-8")
    val orders = Vector(OrderWord.Buy("a:b", 5), OrderWord.Sell("", -1), OrderWord.Query("a:1"))
    assertEquals(operated("trade buy:a:b:5 sell::-1 query:a:1").operation, Operation.Trade(orders))

  for word <- Seq("", "buy", "buy:a", "buy:a:", "buy:a:+5", "buy:a:2147483648", "hold:a:1", "query") do
    test(s"no order: $word"):
      assertRefused(ClientOptions.parse(Vector(Word("trade"), Word(word))), "trade: ")

  test("usages name every flag"):
    val both = ServerOptions.usage + ClientOptions.usage
    for name <- Seq("--tls-mode", "--grace-seconds", "--count", "kv-put", "monitor") do
      assert(both.contains(name), name)

  test("what is refused is one line"):
    val pieces = Vector("--", "--port", "--port=1", "get", "\u00ff", "\n", "--=", "-5", "trade", "buy:a:1").map(Word(_))
    val random = Random(1)
    for _ <- 1 to 2000 do
      val line = Vector.fill(random.nextInt(5))(pieces(random.nextInt(pieces.size)))
      for result <- Seq(ClientOptions.parse(line), ServerOptions.parse(line)); error <- result.left.toOption do
        assert(error.reason.nonEmpty && !error.reason.contains('\n'), error.reason)

object OptionsTest:
  private def words(line: String): Vector[Word] = line.split(' ').toVector.filter(_.nonEmpty).map(Word(_))

  private val ServerRefusals = Seq(
    "stray" -> "stray argument: stray",
    "-5" -> "stray argument: -5",
    "--nothing" -> "unknown flag: --nothing",
    "--por 1" -> "unknown flag: --por",
    "--port" -> "--port needs a value",
    "--port:1" -> "unknown flag: --port:1",
    "--port x" -> "--port: \"x\" given, a number from 0 to 65535 expected",
    "--port x --port 1" -> "--port: \"x\" given",
    "--port x --help" -> "--port: \"x\" given",
    "--port 65536" -> "--port:",
    "--port +1" -> "--port:",
    "--port=" -> "--port:",
    "--conformance=yes" -> "--conformance takes no value",
    "--host=" -> "--host: \"\" given, a value that is not empty expected",
    "--max-receive-bytes 0" -> "--max-receive-bytes:",
    "--max-receive-bytes 2147483648" -> "--max-receive-bytes:",
    "--max-receive-bytes 99999999999999999999" -> "--max-receive-bytes:",
    "--grace-seconds -1" -> "--grace-seconds:",
    "--grace-seconds 1e3" -> "--grace-seconds:",
    "--grace-seconds 1." -> "--grace-seconds: \"1.\" given, seconds like 5 or 0.25 expected",
    "--tls-mode ssl" -> "--tls-mode: \"ssl\" given, none, tls or mtls expected",
    "--cert-file c" -> "--cert-file does not go with --tls-mode none",
    "--tls-mode tls" -> "--tls-mode tls needs --cert-file",
    "--tls-mode tls --cert-file c" -> "--tls-mode tls needs --key-file",
    "--tls-mode mtls --cert-file c --key-file k" -> "--tls-mode mtls needs --client-ca-file",
    "--tls-mode tls --cert-file c --key-file k --client-ca-file a" -> "--client-ca-file does not go with --tls-mode tls",
    "--host 0.0.0.0" -> "--host 0.0.0.0 without TLS needs --allow-plaintext-network",
    "--host 1.2.3.4 --tls-mode disabled" -> "--allow-plaintext-network",
    "--session --port 1" -> "--session goes without --port"
  )

  private val ClientRefusals = Seq(
    "" -> "an operation is needed",
    "fetch k" -> "unknown operation: fetch",
    "get" -> "get needs KEY",
    "put k" -> "put needs KEY VALUE|-",
    "get k l" -> "stray argument: l",
    "inventory x" -> "stray argument: x",
    "get k --count 1" -> "--count does not go with get",
    "get k --ca-file f" -> "--ca-file needs --tls",
    "get k --server-name n" -> "--server-name needs --tls",
    "get k --tls --cert-file f" -> "--cert-file needs --key-file",
    "get k --tls --key-file f" -> "--key-file needs --cert-file",
    "get k --server h" -> "--server: \"h\" given, HOST:PORT expected",
    "get k --server :1" -> "--server",
    "get k --server h:0" -> "--server",
    "get k --server h:65536" -> "--server",
    "get k --server h:http" -> "--server",
    "get k --server ::1:1" -> "--server",
    "get k --server [h]:1" -> "--server",
    "get k --server dns:///h:1" -> "--server",
    "--session get" -> "--session goes without an operation: get",
    "--session --timeout-seconds 1" -> "--session goes without --timeout-seconds",
    "get k --timeout-seconds 1,5" -> "--timeout-seconds"
  )
