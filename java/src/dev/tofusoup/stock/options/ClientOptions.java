package dev.tofusoup.stock.options;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import dev.tofusoup.stock.options.Grammar.Flag;
import dev.tofusoup.stock.options.Grammar.Line;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stock_client was asked for. */
public sealed interface ClientOptions {
  /** To print the usage. */
  record Help() implements ClientOptions {}

  /** To print the version. */
  record Version() implements ClientOptions {}

  /** To be driven by frames. */
  record Session() implements ClientOptions {}

  /**
   * To carry out one operation.
   *
   * @param arguments words, which are bytes
   * @param host a name or a literal address
   * @param tls null: plaintext
   * @param timeout zero: none
   * @param count of the events that monitor prints; 0: until stopped
   */
  record Operate(
      Operation operation,
      List<String> arguments,
      String host,
      int port,
      Tls tls,
      Duration timeout,
      int maxReceiveBytes,
      long count)
      implements ClientOptions {}

  /**
   * How to use TLS.
   *
   * @param caFile null: the system's roots
   * @param certFile null for no identity, as is keyFile
   * @param serverName null: the host
   */
  record Tls(String caFile, String certFile, String keyFile, String serverName) {}

  /** The flags. */
  Grammar GRAMMAR =
      new Grammar(
          List.of(
              new Flag("server", "H:P", "endpoint to call (default 127.0.0.1:50051)"),
              new Flag("tls", "", "use TLS"),
              new Flag(
                  "ca-file",
                  "F",
                  "roots for the server's certificate, PEM (default: the system's)"),
              new Flag("cert-file", "F", "the client's certificate chain, PEM"),
              new Flag("key-file", "F", "the client's private key, PEM PKCS#8"),
              new Flag("server-name", "N", "name to verify the server's certificate against"),
              new Flag("timeout-seconds", "S", "deadline of the call; 0 = none (default 5)"),
              new Flag(
                  "max-receive-bytes",
                  "N",
                  "largest message read, after decompression (default 4194304)"),
              new Flag("count", "N", "monitor: events to print; 0 = until stopped (default 0)"),
              new Flag("session", "", "be driven by frames on standard input and output"),
              new Flag("help", "", "print this and exit"),
              new Flag("version", "", "print the version and exit")));

  /** A host and a port, with an IPv6 address in brackets. */
  Pattern ENDPOINT = Pattern.compile("(?:\\[([^\\]]+)\\]|([A-Za-z0-9._-]+)):([0-9]{1,5})");

  /** The server where none is given. */
  HostAndPort SERVER = HostAndPort.fromParts("127.0.0.1", 50_051);

  /** The usage of stock_client. */
  static String usage() {
    StringBuilder out = new StringBuilder("usage: stock_client OPERATION [ARGUMENTS] [FLAGS]\n");
    for (Operation operation : Operation.values()) {
      out.append(operation.usage());
    }
    return out + GRAMMAR.usage();
  }

  /** Understands the command line of stock_client. */
  static ClientOptions parse(List<String> words) throws UsageException {
    Line line = GRAMMAR.parse(words);
    Duration timeout = line.seconds("timeout-seconds", Duration.ofSeconds(5));
    int maxReceive = (int) line.integer("max-receive-bytes", 1, Integer.MAX_VALUE, 4 << 20);
    long count = line.integer("count", 0, Long.MAX_VALUE, 0);
    Tls tls = tls(line);
    HostAndPort server = line.value("server", "HOST:PORT", ClientOptions::endpoint, SERVER);
    if (line.has("help")) {
      return new Help();
    }
    if (line.has("version")) {
      return new Version();
    }
    if (line.has("session")) {
      return session(line);
    }
    Operation operation = operation(line);
    List<String> arguments = line.arguments().subList(1, line.arguments().size());
    operation.check(arguments);
    check(line, operation);
    return new Operate(
        operation,
        arguments,
        server.getHost(),
        server.getPort(),
        line.has("tls") ? tls : null,
        timeout,
        maxReceive,
        count);
  }

  private static Session session(Line line) throws UsageException {
    line.checkSession(List.of());
    if (!line.arguments().isEmpty()) {
      String operation = line.arguments().get(0);
      throw new UsageException(
          "--session goes without an operation: %s", Words.printable(operation));
    }
    return new Session();
  }

  private static Operation operation(Line line) throws UsageException {
    if (line.arguments().isEmpty()) {
      throw new UsageException("an operation is needed");
    }
    return Operation.named(line.arguments().get(0));
  }

  private static Tls tls(Line line) throws UsageException {
    return new Tls(
        line.text("ca-file"),
        line.text("cert-file"),
        line.text("key-file"),
        line.text("server-name"));
  }

  private static void check(Line line, Operation operation) throws UsageException {
    if (line.has("count") && operation != Operation.MONITOR) {
      throw new UsageException("--count does not go with %s", operation.word());
    }
    if (!line.has("tls")) {
      for (String name : List.of("ca-file", "cert-file", "key-file", "server-name")) {
        if (line.has(name)) {
          throw new UsageException("--%s needs --tls", name);
        }
      }
    }
    if (line.has("cert-file") != line.has("key-file")) {
      throw new UsageException(
          line.has("cert-file") ? "--cert-file needs --key-file" : "--key-file needs --cert-file");
    }
  }

  private static Optional<HostAndPort> endpoint(String given) {
    Matcher endpoint = ENDPOINT.matcher(given);
    if (!endpoint.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(endpoint.group(3));
    String literal = endpoint.group(1);
    boolean address =
        literal == null || (literal.contains(":") && InetAddresses.isInetAddress(literal));
    if (port == 0 || port > 65_535 || !address) {
      return Optional.empty();
    }
    return Optional.of(HostAndPort.fromParts(literal == null ? endpoint.group(2) : literal, port));
  }
}
