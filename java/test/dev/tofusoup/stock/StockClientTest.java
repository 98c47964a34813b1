package dev.tofusoup.stock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tofusoup.stock.testing.Program;
import dev.tofusoup.stock.testing.Program.End;
import dev.tofusoup.stock.testing.TestIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StockClientTest {
  private static final String CLIENT = "CLIENT";

  private Program server;
  private String endpoint;

  @BeforeEach
  void serve() throws Exception {
    server = Program.start("SERVER", "--port=0");
    endpoint = endpoint(server);
  }

  private static String endpoint(Program server) throws Exception {
    String ready = server.line();
    return ready.substring(ready.lastIndexOf(' ') + 1);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private End run(String... words) throws Exception {
    String[] line =
        Stream.concat(
                Arrays.stream(words), Stream.of("--server", endpoint, "--timeout-seconds", "20"))
            .toArray(String[]::new);
    return Program.run(CLIENT, line);
  }

  private static End ok(String output) {
    return new End(0, output, "");
  }

  @Test
  void keysAndValues() throws Exception {
    assertEquals(ok("OK\n"), run("put", "key", "\u00FFa"));
    assertEquals(ok("\u00FFa\n"), run("get", "key"));
    assertEquals(ok("\u00FFa\n"), run("kv-get", "key"));
    assertEquals(ok("OK\n"), run("delete", "key"));
    assertEquals(new End(69, "", "NOT_FOUND: key not found: key\n"), run("get", "key"));
    assertEquals(2, run("get", "\u00FF").code());
    assertEquals(67, run("get", "").code());
  }

  @Test
  void batchesAndTrades() throws Exception {
    assertEquals(ok("total=2 successful=1 failed=1 bytes=1\n"), run("batch", "a=1", "=2"));
    String fills =
        "ok\tac\\tme\t5\tbought\nrejected\tac\\tme\t0\tinsufficient position: have 5, want 6\n";
    assertEquals(ok(fills), run("trade", "buy:ac\tme:5", "sell:ac\tme:6"));
    End inventory = run("inventory");
    assertTrue(inventory.output().startsWith("items=1\nbytes=1\nuptime_seconds="));
    assertTrue(inventory.output().contains("\nmetadata.security=plaintext\n"));
    assertEquals(ok("SERVING\n"), run("health"));
    assertEquals(69, run("health", "absent").code());
  }

  @Test
  void batchesOfStandardInput() throws Exception {
    try (Program batch = Program.start(CLIENT, "batch", "--server=" + endpoint)) {
      batch.input().write("a=1\n\n  \nb=x=y\n".getBytes(UTF_8));
      batch.input().close();
      assertEquals(ok("total=2 successful=2 failed=0 bytes=4\n"), batch.end());
    }
  }

  @Test
  void monitorsPrintEvents() throws Exception {
    try (Program monitor =
        Program.start(CLIENT, "monitor", "k*", "--timeout-seconds=0", "--server=" + endpoint)) {
      // Put until the subscription is there to see it.
      Thread puts = new Thread(this::putOften);
      puts.start();
      String line = monitor.line();
      assertTrue(line.matches("[0-9]+\tPUT\tk\ta\\\\nb"), line);
      monitor.signal("INT");
      assertEquals(130, monitor.end().code());
      puts.join();
    }
  }

  private void putOften() {
    try {
      for (int i = 0; i < 10; i++) {
        run("put", "k", "a\nb");
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void failuresAreOneLine() throws Exception {
    server.signal("TERM");
    server.end();
    End end = run("get", "key");
    assertEquals(78, end.code());
    assertTrue(end.errors().startsWith("UNAVAILABLE: "), end.errors());
    assertEquals(1, end.errors().lines().count(), end.errors());
    End usage = run("fetch");
    assertEquals(2, usage.code());
    assertTrue(usage.errors().startsWith("unknown operation: fetch\nusage: stock_client"));
    assertEquals(ok(About.line("stock_client") + "\n"), Program.run(CLIENT, "--version"));
  }

  @Test
  void tls(@TempDir Path folder) throws Exception {
    TestIdentity identity = TestIdentity.mint(folder);
    Path chain = Files.write(folder.resolve("chain.pem"), identity.chain());
    Path key = Files.write(folder.resolve("key.pem"), identity.key());
    String[] files = {"--cert-file=" + chain, "--key-file=" + key};
    try (Program secure =
        Program.start(
            "SERVER",
            "--port=0",
            "--tls-mode=mtls",
            "--client-ca-file=" + chain,
            files[0],
            files[1])) {
      endpoint = endpoint(secure);
      String[] flags = {"--tls", "--ca-file=" + chain, "--server-name=localhost"};
      assertEquals(
          ok("SERVING\n"), run("health", flags[0], flags[1], flags[2], files[0], files[1]));
      assertEquals(78, run("health", flags[0], flags[1], flags[2]).code());
      End end = run("health", "--tls", "--ca-file=" + key);
      assertEquals(new End(2, "", "roots: PEM block 1 is not a certificate\n"), end);
    }
  }

  @Test
  void linesAreEscaped() {
    ByteString bytes =
        ByteString.copyFrom(
            new byte[] {
              '\\',
              '\n',
              '\t',
              1,
              0x7F,
              (byte) 0xFF,
              (byte) 0xC3,
              (byte) 0xA9,
              (byte) 0xF0,
              (byte) 0x9F,
              'a'
            });
    assertEquals("\\\\\\n\\t\\x01\\x7F\\xFFé\\xF0\\x9Fa", Lines.escape(bytes));
  }
}
