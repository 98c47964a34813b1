package dev.tofusoup.stock.session;

import com.google.protobuf.ByteString;
import dev.tofusoup.stock.calls.Calls;
import dev.tofusoup.stock.calls.Endpoint;
import dev.tofusoup.stock.calls.Responses;
import dev.tofusoup.stock.calls.StockChannel;
import dev.tofusoup.stock.credentials.Credentials;
import dev.tofusoup.stock.credentials.CredentialsException;
import dev.tofusoup.stock.credentials.Ephemeral;
import dev.tofusoup.stock.credentials.Identity;
import dev.tofusoup.stock.directive.DirectiveInterceptor;
import dev.tofusoup.stock.directive.Report;
import dev.tofusoup.stock.listener.Binding;
import dev.tofusoup.stock.listener.Listener;
import dev.tofusoup.stock.store.Stores;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import tofusoup.stock.TradeFill;
import tofusoup.stock.TradeOrder;

/**
 * Has the machine load and compile what calls take, by calls to a listener of its own over mutual
 * TLS. Else the first calls of a session would wait for that, which takes seconds where many
 * programs start at once: longer than a deadline may allow.
 */
public final class Warmup {
  private static final Logger logger = Logger.getLogger(Warmup.class.getName());
  private static final long CALL_SECONDS = 10;

  /** After this a listener or a channel does without: a runner waits too. */
  private static final long PATIENCE_SECONDS = 3;

  /** Enough for the compiler to begin. */
  private static final int CALLS = 20;

  private final Thread thread = new Thread(Warmup::run, "warmup");

  private Warmup() {}

  /** Begins to warm up. */
  static Warmup start() {
    Warmup warmup = new Warmup();
    warmup.thread.setDaemon(true);
    warmup.thread.start();
    return warmup;
  }

  /** Waits until everything is warm, or has taken too long. */
  void await() {
    try {
      TimeUnit.SECONDS.timedJoin(thread, PATIENCE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Warms up. */
  public static void run() {
    try {
      call(Ephemeral.mint());
    } catch (CredentialsException
        | GeneralSecurityException
        | IOException
        | StatusRuntimeException e) {
      logger.log(Level.WARNING, "the machine is not warm", e); // whatever is wrong will show
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void call(Identity identity)
      throws CredentialsException, IOException, InterruptedException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int limit = Binding.DEFAULT_RECEIVE_BYTES;
    Stores stores = new Stores();
    Listener listener =
        new Listener(
            new Binding(loopback, 0, "mtls", Credentials.server(identity, identity.chain()), limit),
            stores,
            List.of(new DirectiveInterceptor(stores, Report.NOBODY)));
    Endpoint endpoint =
        new Endpoint(
            new InetSocketAddress(loopback, listener.port()),
            Credentials.client(identity.chain(), identity),
            "localhost",
            limit);
    try (StockChannel channel = new StockChannel(endpoint)) {
      call(new Calls(channel.channel(), Duration.ofSeconds(CALL_SECONDS)));
    } finally {
      listener.drain(Duration.ZERO);
    }
  }

  private static void call(Calls calls) {
    for (int i = 0; i < CALLS; i++) {
      calls.put("key", ByteString.EMPTY);
    }
    calls.get("key");
    calls.inventory();
    calls.batch(List.of());
    calls.monitor("").close();
    TradeOrder order = TradeOrder.newBuilder().setSymbol("symbol").setQuantity(1).build();
    try (Responses<TradeFill> fills = calls.trade(List.of(order))) {
      fills.next();
    }
  }
}
