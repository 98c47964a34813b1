package dev.tofusoup.stock

import com.google.protobuf.ByteString
import dev.tofusoup.stock.testing.End
import dev.tofusoup.stock.testing.Program
import dev.tofusoup.stock.testing.TestIdentity
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files
import java.util.concurrent.atomic.AtomicBoolean
import scala.concurrent.duration.Duration
import scala.concurrent.duration.DurationInt
import scala.util.Using

class StockClientTest extends munit.FunSuite:
  // Of the whole test, which starts programs by the dozen; each wait within has a deadline of its own.
  override val munitTimeout: Duration = 4.minutes

  private val client = "CLIENT"

  /** A server, and where it listens. */
  final private case class Served(program: Program, endpoint: String):
    def run(words: String*): End = Program.run(client, words ++ Seq("--server", endpoint, "--timeout-seconds", "20")*)

  private def serve(flags: String*): Served =
    val program = Program.start("SERVER", "--port=0" +: flags*)
    val ready = program.line()
    Served(program, ready.drop(ready.lastIndexOf(' ') + 1))

  private val served = FunFixture[Served](_ => serve(), _.program.close())

  private def ok(output: String): End = End(0, output, "")

  served.test("keys and values"): server =>
    assertEquals(server.run("put", "key", "\u00ffa"), ok("OK\n"))
    assertEquals(server.run("get", "key"), ok("\u00ffa\n"))
    assertEquals(server.run("kv-get", "key"), ok("\u00ffa\n"))
    assertEquals(server.run("delete", "key"), ok("OK\n"))
    assertEquals(server.run("get", "key"), End(69, "", "NOT_FOUND: key not found: key\n"))
    assertEquals(server.run("get", "\u00ff").code, 2)
    assertEquals(server.run("get", "").code, 67)

  served.test("batches and trades"): server =>
    assertEquals(server.run("batch", "a=1", "=2"), ok("total=2 successful=1 failed=1 bytes=1\n"))
    val fills = "ok\tac\\tme\t5\tbought\nrejected\tac\\tme\t0\tinsufficient position: have 5, want 6\n"
    assertEquals(server.run("trade", "buy:ac\tme:5", "sell:ac\tme:6"), ok(fills))
    val inventory = server.run("inventory").output
    assert(inventory.startsWith("items=1\nbytes=1\nuptime_seconds="), inventory)
    assert(inventory.contains("\nmetadata.security=plaintext\n"), inventory)
    assertEquals(server.run("health"), ok("SERVING\n"))
    assertEquals(server.run("health", "absent").code, 69)

  served.test("what standard input holds"): server =>
    for (words, input, output) <- Seq(
        (Seq("batch"), "a=1\n\n  \nb=x=y\n", "total=2 successful=2 failed=0 bytes=4\n"),
        (Seq("put", "key", "-"), "a\nb", "OK\n")
      )
    do
      Using.resource(Program.start(client, words :+ s"--server=${server.endpoint}"*)): program =>
        program.input.write(input.getBytes(UTF_8))
        program.input.close()
        assertEquals(program.end(), ok(output))

  served.test("monitors print events"): server =>
    val line = Seq("monitor", "k*", "--timeout-seconds=0", s"--server=${server.endpoint}")
    Using.resource(Program.start(client, line*)): monitor =>
      // Put until the subscription is there to see it.
      val puts = Thread(() => (1 to 10).foreach(_ => assertEquals(server.run("put", "k", "a\nb").code, 0)))
      puts.start()
      val event = monitor.line()
      assert(event.matches("[0-9]+\tPUT\tk\ta\\\\nb"), event)
      monitor.signal("INT")
      assertEquals(monitor.end().code, 130)
      puts.join()

  served.test("a count ends a monitor"): server =>
    val line = Seq("monitor", "--count=1", "--timeout-seconds=0", s"--server=${server.endpoint}")
    Using.resource(Program.start(client, line*)): monitor =>
      val seen = AtomicBoolean()
      // Put until the subscription is there to see it, and no more: it does not wait for a second event.
      val puts = Thread(() => while !seen.get do assertEquals(server.run("put", "k", "v").code, 0))
      puts.start()
      assert(monitor.line().endsWith("\tPUT\tk\tv"))
      seen.set(true)
      assertEquals(monitor.end(), ok(""))
      puts.join()

  served.test("failures are one line"): server =>
    server.program.signal("TERM")
    assertEquals(server.program.end().code, 0)
    val end = server.run("get", "key")
    assertEquals((end.code, end.errors.linesIterator.size), (78, 1), end.errors)
    assert(end.errors.startsWith("UNAVAILABLE: "), end.errors)
    val usage = server.run("fetch")
    assertEquals(usage.code, 2)
    assert(usage.errors.startsWith("unknown operation: fetch\nusage: stock_client"))
    assertEquals(Program.run(client, "--version"), ok(About.line("stock_client") + "\n"))

  test("TLS"):
    val folder = Files.createTempDirectory("client")
    val identity = TestIdentity.mint(folder)
    val (chain, key) = (folder.resolve("chain.pem"), folder.resolve("key.pem"))
    assert(Files.write(chain, identity.chain).toFile.exists && Files.write(key, identity.key).toFile.exists)
    val files = Seq(s"--cert-file=$chain", s"--key-file=$key")
    val server = serve(Seq("--tls-mode=mtls", s"--client-ca-file=$chain") ++ files*)
    try
      val flags = Seq("health", "--tls", s"--ca-file=$chain", "--server-name=localhost")
      assertEquals(server.run(flags ++ files*), ok("SERVING\n"))
      assertEquals(server.run(flags*).code, 78)
      val end = server.run("health", "--tls", s"--ca-file=$key")
      assertEquals(end, End(2, "", "roots: PEM block 1 is not a certificate\n"))
    finally server.program.close()

  test("lines are escaped"):
    val bytes = Seq('\\', '\n', '\t', 1, 0x7f, 0xff, 0xc3, 0xa9, 0xf0, 0x9f, 'a').map(_.toInt.toByte)
    assertEquals(Lines.escape(ByteString.copyFrom(bytes.toArray)), "\\\\\\n\\t\\x01\\x7F\\xFFé\\xF0\\x9Fa")
