package dev.tofusoup.stock.options;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tofusoup.stock.options.Arguments.Kind;
import dev.tofusoup.stock.options.ClientOptions.Operate;
import dev.tofusoup.stock.options.ServerOptions.Serve;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {
  private static List<String> words(String line) {
    return line.isEmpty() ? List.of() : Words.of(line.split(" "));
  }

  @Test
  void serverDefaults() throws Exception {
    Serve serve = (Serve) ServerOptions.parse(List.of());
    Duration grace = Duration.ofSeconds(3);
    Serve expected =
        new Serve("127.0.0.1", 50051, "plaintext", null, null, null, grace, 4 << 20, false);
    assertEquals(expected, serve);
  }

  @ParameterizedTest
  @CsvSource({
    "--tls-mode disabled, plaintext",
    "--tls-mode tls --cert-file c --key-file k, tls",
    "--tls-mode=server --cert-file=c --key-file=k, tls",
    "--tls-mode manual --cert-file c --key-file k --client-ca-file a, mtls",
    "--tls-mode mtls --cert-file c --key-file k --client-ca-file a, mtls",
    "--host ::1, plaintext",
    "--host localhost, plaintext",
    "--host 127.9.9.9, plaintext",
    "--host 0.0.0.0 --allow-plaintext-network, plaintext",
  })
  void serverSecurity(String line, String security) throws Exception {
    assertEquals(security, ((Serve) ServerOptions.parse(words(line))).security());
  }

  @ParameterizedTest
  @CsvSource({
    "stray, stray argument: stray",
    "-5, stray argument: -5",
    "--nothing, unknown flag: --nothing",
    "--por 1, unknown flag: --por",
    "--port, --port needs a value",
    "--port x, '--port: \"x\" given, a number from 0 to 65535 expected'",
    "--port x --port 1, '--port: \"x\" given'",
    "--port x --help, '--port: \"x\" given'",
    "--port 65536, --port:",
    "--port +1, --port:",
    "--port=, --port:",
    "--conformance=yes, --conformance takes no value",
    "--host=, '--host: \"\" given, a value that is not empty expected'",
    "--max-receive-bytes 0, --max-receive-bytes:",
    "--max-receive-bytes 2147483648, --max-receive-bytes:",
    "--max-receive-bytes 99999999999999999999, --max-receive-bytes:",
    "--grace-seconds -1, --grace-seconds:",
    "--grace-seconds 1e3, --grace-seconds:",
    "--grace-seconds 1., '--grace-seconds: \"1.\" given, seconds like 5 or 0.25 expected'",
    "--tls-mode ssl, '--tls-mode: \"ssl\" given, none, tls or mtls expected'",
    "--cert-file c, --cert-file does not go with --tls-mode none",
    "--tls-mode tls, --tls-mode tls needs --cert-file",
    "--tls-mode tls --cert-file c, --tls-mode tls needs --key-file",
    "--tls-mode mtls --cert-file c --key-file k, --tls-mode mtls needs --client-ca-file",
    "--tls-mode tls --cert-file c --key-file k --client-ca-file a, --client-ca-file does not go",
    "--host 0.0.0.0, --host 0.0.0.0 without TLS needs --allow-plaintext-network",
    "--host 1.2.3.4 --tls-mode disabled, --allow-plaintext-network",
    "--session --port 1, --session goes without --port",
  })
  void serverRefusals(String line, String expected) {
    refuses(expected, () -> ServerOptions.parse(words(line)));
  }

  @Test
  void serverValues() throws Exception {
    String line = "--port=1 --port 0 --grace-seconds 0.25 --max-receive-bytes 7 --conformance";
    Serve serve = (Serve) ServerOptions.parse(words(line));
    assertEquals(0, serve.port());
    assertEquals(Duration.ofMillis(250), serve.grace());
    assertEquals(7, serve.maxReceiveBytes());
    assertTrue(serve.conformance());
    Serve least = (Serve) ServerOptions.parse(words("--grace-seconds 0.0000000001"));
    assertEquals(Duration.ofNanos(1), least.grace());
    ServerOptions session = ServerOptions.parse(words("--session --grace-seconds 0"));
    assertEquals(new ServerOptions.Session(Duration.ZERO), session);
    assertEquals(new ServerOptions.Help(), ServerOptions.parse(words("--help stray")));
    assertEquals(new ServerOptions.Version(), ServerOptions.parse(words("--version")));
  }

  @Test
  void clientDefaults() throws Exception {
    Operate operate = (Operate) ClientOptions.parse(words("get k"));
    Duration timeout = Duration.ofSeconds(5);
    Operate expected =
        new Operate(Operation.GET, List.of("k"), "127.0.0.1", 50051, null, timeout, 4 << 20, 0);
    assertEquals(expected, operate);
  }

  @ParameterizedTest
  @CsvSource({
    "--tls put --server [::1]:7 k --server-name n -5 --timeout-seconds=0, put, ::1, 7",
    "put k - --server h_1.x:65535 --tls, put, h_1.x, 65535",
    "monitor --count 3, monitor, 127.0.0.1, 50051",
    "kv-put -- k --v, kv-put, 127.0.0.1, 50051",
  })
  void clientLines(String line, String operation, String host, int port) throws Exception {
    Operate operate = (Operate) ClientOptions.parse(words(line));
    assertEquals(operation, operate.operation().word());
    assertEquals(host, operate.host());
    assertEquals(port, operate.port());
  }

  @ParameterizedTest
  @CsvSource({
    "'', an operation is needed",
    "fetch k, unknown operation: fetch",
    "get, get needs KEY",
    "put k, put needs KEY VALUE|-",
    "get k l, stray argument: l",
    "inventory x, stray argument: x",
    "get k --count 1, --count does not go with get",
    "get k --ca-file f, --ca-file needs --tls",
    "get k --server-name n, --server-name needs --tls",
    "get k --tls --cert-file f, --cert-file needs --key-file",
    "get k --tls --key-file f, --key-file needs --cert-file",
    "get k --server h, '--server: \"h\" given, HOST:PORT expected'",
    "get k --server :1, --server",
    "get k --server h:0, --server",
    "get k --server h:65536, --server",
    "get k --server h:http, --server",
    "get k --server ::1:1, --server",
    "get k --server [h]:1, --server",
    "get k --server dns:///h:1, --server",
    "--session get, --session goes without an operation: get",
    "--session --timeout-seconds 1, --session goes without --timeout-seconds",
    "'get k --timeout-seconds 1,5', --timeout-seconds",
  })
  void clientRefusals(String line, String expected) {
    refuses(expected, () -> ClientOptions.parse(words(line)));
  }

  @Test
  void wordsAreBytes() throws Exception {
    refuses("get: \"\\xff\" given, UTF-8 expected", () -> ClientOptions.parse(List.of("get", "ÿ")));
    Operate put = (Operate) ClientOptions.parse(List.of("put", "k", "\u00FF"));
    assertArrayEquals(new byte[] {(byte) 0xFF}, Words.bytes(put.arguments().get(1)));
    assertEquals("é", Words.text(Words.of("é").get(0)));
    assertNull(Words.text("\u00FF"));
    assertEquals("é\\x0a", Words.printable(Words.of("é\n").get(0)));
  }

  @Test
  void itemsAndOrders() throws Exception {
    Arguments.Item item = Arguments.item("k=v=\u00FF");
    assertEquals("k", item.key());
    assertArrayEquals(new byte[] {'v', '=', (byte) 0xFF}, item.value().toByteArray());
    refuses("batch: \"k\" given, KEY=VALUE expected", () -> Arguments.item("k"));
    refuses("batch: \"\\xff\" given, a key of UTF-8", () -> Arguments.item("\u00FF=v"));
    assertEquals(new Arguments.Order(Kind.BUY, "a:b", 5), Arguments.order("buy:a:b:5"));
    assertEquals(new Arguments.Order(Kind.SELL, "", -1), Arguments.order("sell::-1"));
    assertEquals(new Arguments.Order(Kind.QUERY, "a:1", 0), Arguments.order("query:a:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "buy", "buy:a", "buy:a:", "buy:a:+5", "buy:a:2147483648", "hold:a:1", "query"})
  void ordersThatAreNone(String word) {
    refuses("trade: ", () -> Arguments.order(word));
  }

  @Test
  void usagesNameEveryFlag() {
    String both = ServerOptions.usage() + ClientOptions.usage();
    for (String name : List.of("--tls-mode", "--grace-seconds", "--count", "kv-put", "monitor")) {
      assertTrue(both.contains(name), name);
    }
  }

  @Test
  void whatIsRefusedIsOneLine() {
    List<String> pieces =
        List.of("--", "--port", "--port=1", "get", "\u00FF", "\n", "--=", "-5", "trade", "buy:a:1");
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      List<String> line =
          random.ints(random.nextInt(5), 0, pieces.size()).mapToObj(pieces::get).toList();
      try {
        ClientOptions.parse(line);
        ServerOptions.parse(line);
      } catch (UsageException e) {
        assertFalse(e.getMessage().isEmpty() || e.getMessage().contains("\n"), e.getMessage());
      }
    }
  }

  private static void refuses(String expected, org.junit.jupiter.api.function.Executable parse) {
    String message = assertThrows(UsageException.class, parse).getMessage();
    assertTrue(message.contains(expected), message);
  }
}
