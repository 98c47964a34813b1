package dev.tofusoup.stock;

import com.google.common.net.InetAddresses;
import dev.tofusoup.stock.calls.Endpoint;
import dev.tofusoup.stock.calls.StockChannel;
import dev.tofusoup.stock.credentials.Credentials;
import dev.tofusoup.stock.credentials.CredentialsException;
import dev.tofusoup.stock.credentials.Identity;
import dev.tofusoup.stock.credentials.Pem;
import dev.tofusoup.stock.options.ClientOptions;
import dev.tofusoup.stock.options.ClientOptions.Operate;
import dev.tofusoup.stock.options.ClientOptions.Tls;
import dev.tofusoup.stock.options.ExitCode;
import dev.tofusoup.stock.options.UsageException;
import dev.tofusoup.stock.options.Words;
import dev.tofusoup.stock.session.ClientSession;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * The program stock_client: options, then one operation, or a session. SIGINT ends it as it ends
 * Java.
 */
public final class StockClient {
  private StockClient() {}

  /** Runs the program and ends the process, whatever threads are left. */
  public static void main(String[] args) throws InterruptedException {
    Streams streams = Streams.take();
    Runtime.getRuntime().halt(streams.orFault(() -> run(Words.given(args), streams)));
  }

  /** Carries out one operation, or a session; the exit code. */
  static int run(List<String> words, Streams streams) throws InterruptedException {
    try {
      ClientOptions options = ClientOptions.parse(words);
      if (options instanceof Operate operate) {
        return operate(operate, streams);
      }
      if (options instanceof ClientOptions.Session) {
        return session(streams);
      }
      boolean help = options instanceof ClientOptions.Help;
      streams.print(help ? ClientOptions.usage() : About.line("stock_client") + "\n");
      return ExitCode.OK;
    } catch (UsageException e) {
      streams.error(e.getMessage() + "\n" + ClientOptions.usage());
      return ExitCode.USAGE;
    } catch (CredentialsException e) {
      streams.error(e.getMessage() + "\n");
      return ExitCode.USAGE;
    } catch (IOException e) {
      streams.error(e.getMessage() + "\n");
      return ExitCode.INTERNAL;
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      String message = status.getDescription() == null ? "" : status.getDescription();
      streams.error("%s: %s\n".formatted(status.getCode(), Lines.oneLine(message)));
      return ExitCode.RPC + status.getCode().value();
    }
  }

  private static int operate(Operate options, Streams streams)
      throws UsageException, CredentialsException, IOException {
    Operations.Run run = Operations.prepare(options, streams.input());
    try (StockChannel channel = new StockChannel(endpoint(options))) {
      return run.on(channel.channel(), streams) ? ExitCode.OK : ExitCode.NOT_SERVING;
    }
  }

  private static int session(Streams streams) throws InterruptedException {
    ClientSession session = new ClientSession(streams.output());
    Signals ends = new Signals();
    SessionInput input = SessionInput.read(() -> session.run(streams.input()), ends::end);
    ends.await();
    session.end();
    return input.explain(streams);
  }

  private static Endpoint endpoint(Operate options) throws CredentialsException {
    String host = options.host();
    InetSocketAddress address =
        InetAddresses.isInetAddress(host)
            ? new InetSocketAddress(InetAddresses.forString(host), options.port())
            : new InetSocketAddress(host, options.port());
    Tls tls = options.tls();
    SslContext credentials = tls == null ? null : credentials(tls);
    String authority = tls == null ? null : text(tls.serverName());
    return new Endpoint(address, credentials, authority, options.maxReceiveBytes());
  }

  private static SslContext credentials(Tls tls) throws CredentialsException {
    Identity identity = null;
    if (tls.certFile() != null) {
      identity = Identity.read(path(tls.certFile()), path(tls.keyFile()));
    }
    boolean systems = tls.caFile() == null;
    return Credentials.client(systems ? null : Pem.roots(Pem.read(path(tls.caFile()))), identity);
  }

  private static Path path(String word) {
    return Words.path(word);
  }

  private static String text(String word) {
    return word == null ? null : Words.text(word);
  }
}
