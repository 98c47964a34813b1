package dev.tofusoup.stock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tofusoup.stock.testing.Program;
import dev.tofusoup.stock.testing.Program.End;
import dev.tofusoup.stock.testing.TestIdentity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StockServerTest {
  private static final String SERVER = "SERVER";

  @TempDir static Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalEndsIt(String signal) throws Exception {
    try (Program server = Program.start(SERVER, "--port", "0")) {
      String ready = server.line();
      assertTrue(ready.matches("Server listening on 127\\.0\\.0\\.1:[1-9][0-9]*"), ready);
      int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
      try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), port)) {
        server.signal(signal);
        End end = server.end();
        assertEquals(0, end.code());
        assertEquals("", end.output());
        assertTrue(idle.getInputStream().readAllBytes().length < 100);
      }
    }
  }

  @Test
  void literalsOfVersionSixHaveBrackets() throws Exception {
    try (Program server = Program.start(SERVER, "--port=0", "--host=::1")) {
      assertTrue(server.line().matches("Server listening on \\[::1\\]:[0-9]+"));
    }
  }

  @Test
  void itPrintsWhatItIs() throws Exception {
    End version = Program.run(SERVER, "--version");
    assertEquals(new End(0, About.line("stock_server") + "\n", ""), version);
    End help = Program.run(SERVER, "--help");
    assertEquals(0, help.code());
    assertTrue(help.output().startsWith("usage: stock_server [FLAGS]\n"));
  }

  @Test
  void wrongUsageIsALineAndTheUsage() throws Exception {
    End end = Program.run(SERVER, "--nothing");
    assertEquals(2, end.code());
    assertEquals("", end.output());
    assertTrue(end.errors().startsWith("unknown flag: --nothing\nusage: "), end.errors());
  }

  @Test
  void whatCannotBeBoundIsTold() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      End end = Program.run(SERVER, "--port", String.valueOf(taken.getLocalPort()));
      assertEquals(3, end.code());
      assertEquals(1, end.errors().lines().count(), end.errors());
    }
    End impossible =
        Program.run(SERVER, "--port=0", "--host=192.0.2.1", "--allow-plaintext-network");
    assertEquals(3, impossible.code());
  }

  @Test
  void identitiesMustMatch() throws Exception {
    TestIdentity one = TestIdentity.mint(folder);
    TestIdentity other = TestIdentity.mint(folder);
    Path chain = Files.write(folder.resolve("chain.pem"), one.chain());
    Path key = Files.write(folder.resolve("key.pem"), other.key());
    String[] line = {"--port=0", "--tls-mode=tls", "--cert-file=" + chain, "--key-file=" + key};
    End end = Program.run(SERVER, line);
    assertEquals(2, end.code());
    assertEquals("identity: the key does not belong to the certificate\n", end.errors());
    Files.write(key, one.key());
    try (Program server = Program.start(SERVER, line)) {
      String ready = server.line();
      int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
      try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), port)) {
        stranger.getOutputStream().write("no handshake\r\n\r\n".getBytes(UTF_8));
        stranger.getInputStream().readAllBytes();
      }
      server.signal("TERM");
      End drained = server.end();
      assertEquals(0, drained.code());
      assertEquals(1, drained.errors().lines().count(), drained.errors());
      assertTrue(drained.errors().contains("WARNING"), drained.errors());
    }
    Files.delete(key);
    assertEquals(key + ": no such file\n", Program.run(SERVER, line).errors());
  }

  @Test
  void aSessionEndsWithItsInput() throws Exception {
    try (Program server = Program.start(SERVER, "--session")) {
      assertEquals(0, server.output().read());
      server.input().close();
      assertEquals(0, server.end().code());
    }
    try (Program server = Program.start(SERVER, "--session")) {
      server.input().write(new byte[] {0, 0, 0});
      server.input().close();
      End end = server.end();
      assertEquals(4, end.code());
      assertEquals("standard input ends within a frame\n", end.errors());
    }
  }
}
