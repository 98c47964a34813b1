package dev.tofusoup.stock

import dev.tofusoup.stock.testing.End
import dev.tofusoup.stock.testing.Program
import dev.tofusoup.stock.testing.TestIdentity
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files
import scala.concurrent.duration.Duration
import scala.concurrent.duration.DurationInt
import scala.util.Using

class StockServerTest extends munit.FunSuite:
  // Of the whole test, which starts programs by the dozen; each wait within has a deadline of its own.
  override val munitTimeout: Duration = 4.minutes

  private val server = "SERVER"
  private val loopback = InetAddress.getLoopbackAddress

  private def port(ready: String): Int = ready.drop(ready.lastIndexOf(':') + 1).toInt

  for signal <- Seq("TERM", "INT") do
    test(s"a signal ends it: $signal"):
      Using.resource(Program.start(server, "--port", "0")): program =>
        val ready = program.line()
        assert(ready.matches("Server listening on 127\\.0\\.0\\.1:[1-9][0-9]*"), ready)
        Using.resource(Socket(loopback, port(ready))): idle =>
          program.signal(signal)
          assertEquals(program.end(), End(0, "", ""))
          assert(idle.getInputStream.readAllBytes().length < 100)

  test("literals of version 6 have brackets"):
    Using.resource(Program.start(server, "--port=0", "--host=::1")): program =>
      assert(program.line().matches("Server listening on \\[::1\\]:[0-9]+"))

  test("it prints what it is"):
    assertEquals(Program.run(server, "--version"), End(0, About.line("stock_server") + "\n", ""))
    val help = Program.run(server, "--help")
    assertEquals((help.code, help.output.startsWith("usage: stock_server [FLAGS]\n")), (0, true))

  test("wrong usage is a line and the usage"):
    val end = Program.run(server, "--nothing")
    assertEquals((end.code, end.output), (2, ""))
    assert(end.errors.startsWith("unknown flag: --nothing\nusage: "), end.errors)

  test("what cannot be bound is told"):
    Using.resource(ServerSocket(0, 1, loopback)): taken =>
      val end = Program.run(server, "--port", taken.getLocalPort.toString)
      assertEquals((end.code, end.errors.linesIterator.size), (3, 1), end.errors)
    assertEquals(Program.run(server, "--port=0", "--host=192.0.2.1", "--allow-plaintext-network").code, 3)

  test("identities must match"):
    val folder = Files.createTempDirectory("server")
    val (one, other) = (TestIdentity.mint(folder), TestIdentity.mint(folder))
    val (chain, key) = (folder.resolve("chain.pem"), folder.resolve("key.pem"))
    val line = Seq("--port=0", "--tls-mode=tls", s"--cert-file=$chain", s"--key-file=$key")
    assert(Files.write(chain, one.chain).toFile.exists && Files.write(key, other.key).toFile.exists)
    val mismatch = "identity: the key does not belong to the certificate\n"
    assertEquals(Program.run(server, line*), End(2, "", mismatch))
    assert(Files.write(key, one.key).toFile.exists)
    Using.resource(Program.start(server, line*)): program =>
      Using.resource(Socket(loopback, port(program.line()))): stranger =>
        stranger.getOutputStream.write("no handshake\r\n\r\n".getBytes(UTF_8))
        assert(stranger.getInputStream.readAllBytes().length < 100)
      program.signal("TERM")
      val end = program.end()
      assertEquals((end.code, end.errors.linesIterator.size), (0, 1), end.errors)
      assert(end.errors.contains("WARNING"), end.errors)
    Files.delete(key)
    assertEquals(Program.run(server, line*).errors, s"$key: no such file\n")

  test("a session ends with its input"):
    Using.resource(Program.start(server, "--session")): program =>
      assertEquals(program.output.read(), 0)
      program.input.close()
      assertEquals(program.end().code, 0)
    Using.resource(Program.start(server, "--session")): program =>
      program.input.write(Array[Byte](0, 0, 0))
      program.input.close()
      val end = program.end()
      assertEquals((end.code, end.errors), (4, "standard input ends within a frame\n"))
