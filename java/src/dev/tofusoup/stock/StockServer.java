package dev.tofusoup.stock;

import dev.tofusoup.stock.credentials.Credentials;
import dev.tofusoup.stock.credentials.CredentialsException;
import dev.tofusoup.stock.credentials.Identity;
import dev.tofusoup.stock.credentials.Pem;
import dev.tofusoup.stock.directive.DirectiveInterceptor;
import dev.tofusoup.stock.directive.Report;
import dev.tofusoup.stock.listener.Binding;
import dev.tofusoup.stock.listener.Listener;
import dev.tofusoup.stock.options.ExitCode;
import dev.tofusoup.stock.options.ServerOptions;
import dev.tofusoup.stock.options.UsageException;
import dev.tofusoup.stock.options.Words;
import dev.tofusoup.stock.session.ServerSession;
import dev.tofusoup.stock.store.Stores;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** The program stock_server: options, credentials, listen, ready line, drain. */
public final class StockServer {
  private final Streams streams;
  private final Signals signals;

  private StockServer(Streams streams, Signals signals) {
    this.streams = streams;
    this.signals = signals;
  }

  /** Runs the program and ends the process, whatever threads are left. */
  public static void main(String[] args) throws InterruptedException {
    Streams streams = Streams.take();
    Signals signals = Signals.catching();
    int code = streams.orFault(() -> run(Words.given(args), streams, signals));
    Runtime.getRuntime().halt(code);
  }

  /**
   * Serves until a signal has drained the server, or the end of a session's input; the exit code.
   */
  static int run(List<String> words, Streams streams, Signals signals) throws InterruptedException {
    ServerOptions options;
    try {
      options = ServerOptions.parse(words);
    } catch (UsageException e) {
      streams.error(e.getMessage() + "\n" + ServerOptions.usage());
      return ExitCode.USAGE;
    }
    StockServer server = new StockServer(streams, signals);
    if (options instanceof ServerOptions.Session session) {
      return server.session(session.grace());
    }
    if (options instanceof ServerOptions.Serve serve) {
      return server.serve(serve);
    }
    boolean help = options instanceof ServerOptions.Help;
    streams.print(help ? ServerOptions.usage() : About.line("stock_server") + "\n");
    return ExitCode.OK;
  }

  private int serve(ServerOptions.Serve options) throws InterruptedException {
    Listener listener;
    try {
      listener = listen(options);
    } catch (CredentialsException e) {
      streams.error(e.getMessage() + "\n");
      return ExitCode.USAGE;
    } catch (IOException e) {
      streams.error(e.getMessage() + "\n");
      return ExitCode.CANNOT_BIND;
    }
    streams.print("Server listening on " + listener.endpoint() + "\n");
    signals.await();
    signals.unlessAgain(() -> listener.drain(options.grace()), limit(options.grace()));
    return ExitCode.OK;
  }

  private int session(Duration grace) throws InterruptedException {
    ServerSession session = new ServerSession(streams.output());
    SessionInput input = SessionInput.read(() -> session.run(streams.input()), signals::end);
    signals.await();
    signals.unlessAgain(() -> session.end(grace), limit(grace));
    return input.explain(streams);
  }

  private static Listener listen(ServerOptions.Serve options)
      throws CredentialsException, IOException {
    SslContext credentials = credentials(options);
    InetAddress address;
    try {
      address = InetAddress.getByName(options.host());
    } catch (UnknownHostException e) {
      throw new IOException("cannot bind %s: no such host".formatted(options.host()), e);
    }
    Stores stores = new Stores();
    List<ServerInterceptor> directives =
        options.conformance()
            ? List.of(new DirectiveInterceptor(stores, Report.NOBODY))
            : List.of();
    return new Listener(
        new Binding(
            address, options.port(), options.security(), credentials, options.maxReceiveBytes()),
        stores,
        directives);
  }

  private static SslContext credentials(ServerOptions.Serve options) throws CredentialsException {
    if (options.certFile() == null) {
      return null;
    }
    Identity identity =
        Identity.read(Words.path(options.certFile()), Words.path(options.keyFile()));
    boolean mutual = options.clientCaFile() != null;
    return Credentials.server(
        identity, mutual ? Pem.clientRoots(Pem.read(Words.path(options.clientCaFile()))) : null);
  }

  /** When the process ends, whatever a peer does. */
  private static Duration limit(Duration grace) {
    return grace.plus(Listener.ABORT_TIMEOUT);
  }
}
