package dev.tofusoup.stock.options;

import com.google.common.net.InetAddresses;
import dev.tofusoup.stock.options.Grammar.Flag;
import dev.tofusoup.stock.options.Grammar.Line;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What stock_server was asked for. */
public sealed interface ServerOptions {
  /** To print the usage. */
  record Help() implements ServerOptions {}

  /** To print the version. */
  record Version() implements ServerOptions {}

  /** To be driven by frames; always in conformance mode. */
  record Session(Duration grace) implements ServerOptions {}

  /**
   * To serve on an endpoint.
   *
   * @param security plaintext, tls or mtls
   * @param certFile null in plaintext, as is keyFile
   * @param clientCaFile null but for mtls
   */
  record Serve(
      String host,
      int port,
      String security,
      String certFile,
      String keyFile,
      String clientCaFile,
      Duration grace,
      int maxReceiveBytes,
      boolean conformance)
      implements ServerOptions {}

  /** The flags. */
  Grammar GRAMMAR =
      new Grammar(
          List.of(
              new Flag("host", "H", "address to bind (default 127.0.0.1)"),
              new Flag("port", "N", "port to bind; 0 = any free one (default 50051)"),
              new Flag("tls-mode", "MODE", "none, tls or mtls (default none)"),
              new Flag("cert-file", "F", "the server's certificate chain, PEM"),
              new Flag("key-file", "F", "the server's private key, PEM PKCS#8"),
              new Flag("client-ca-file", "F", "roots for client certificates, PEM; mtls"),
              new Flag(
                  "grace-seconds",
                  "S",
                  "time for running calls when the server drains (default 3)"),
              new Flag(
                  "max-receive-bytes",
                  "N",
                  "largest message read, after decompression (default 4194304)"),
              new Flag("allow-plaintext-network", "", "allow a host beyond loopback without TLS"),
              new Flag("conformance", "", "obey the directives in request metadata"),
              new Flag("session", "", "be driven by frames on standard input and output"),
              new Flag("help", "", "print this and exit"),
              new Flag("version", "", "print the version and exit")));

  /** The usage of stock_server. */
  static String usage() {
    return "usage: stock_server [FLAGS]\n" + GRAMMAR.usage();
  }

  /** Understands the command line of stock_server. */
  static ServerOptions parse(List<String> words) throws UsageException {
    Line line = GRAMMAR.parse(words);
    Serve serve = serve(line);
    if (line.has("help")) {
      return new Help();
    }
    if (line.has("version")) {
      return new Version();
    }
    if (!line.arguments().isEmpty()) {
      String stray = line.arguments().get(0);
      throw new UsageException("stray argument: %s", Words.printable(stray));
    }
    if (line.has("session")) {
      line.checkSession(List.of("conformance", "grace-seconds"));
      return new Session(serve.grace());
    }
    check(serve, line);
    return serve;
  }

  private static Serve serve(Line line) throws UsageException {
    String host = line.text("host");
    String mode = mode(line);
    return new Serve(
        host == null ? "127.0.0.1" : host,
        (int) line.integer("port", 0, 65_535, 50_051),
        mode.equals("none") ? "plaintext" : mode,
        line.text("cert-file"),
        line.text("key-file"),
        line.text("client-ca-file"),
        line.seconds("grace-seconds", Duration.ofSeconds(3)),
        (int) line.integer("max-receive-bytes", 1, Integer.MAX_VALUE, 4 << 20),
        line.has("conformance"));
  }

  private static String mode(Line line) throws UsageException {
    String files = line.has("client-ca-file") ? "mtls" : "tls";
    return line.value("tls-mode", "none, tls or mtls", given -> mode(given, files), "none");
  }

  /** The mode of a name, if it is one. */
  private static Optional<String> mode(String given, String ofTheFiles) {
    return switch (given) {
      case "none", "tls", "mtls" -> Optional.of(given);
      // Names that upstream gives to modes.
      case "disabled" -> Optional.of("none");
      case "server", "manual" -> Optional.of(ofTheFiles);
      default -> Optional.empty();
    };
  }

  private static void check(Serve serve, Line line) throws UsageException {
    boolean plaintext = serve.security().equals("plaintext");
    checkFile("cert-file", serve, line, !plaintext);
    checkFile("key-file", serve, line, !plaintext);
    checkFile("client-ca-file", serve, line, serve.security().equals("mtls"));
    if (plaintext && !line.has("allow-plaintext-network") && !loopback(serve.host())) {
      throw new UsageException(
          "--host %s without TLS needs --allow-plaintext-network", Words.printable(serve.host()));
    }
  }

  private static void checkFile(String flag, Serve serve, Line line, boolean needed)
      throws UsageException {
    String mode = serve.security().equals("plaintext") ? "none" : serve.security();
    if (line.has(flag) && !needed) {
      throw new UsageException("--%s does not go with --tls-mode %s", flag, mode);
    }
    if (!line.has(flag) && needed) {
      throw new UsageException("--tls-mode %s needs --%s", mode, flag);
    }
  }

  private static boolean loopback(String host) {
    if (!InetAddresses.isInetAddress(host)) {
      return host.equals("localhost");
    }
    InetAddress address = InetAddresses.forString(host);
    return address.isLoopbackAddress();
  }
}
