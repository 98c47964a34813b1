package dev.tofusoup.stock;

import com.google.protobuf.ByteString;
import dev.tofusoup.stock.calls.Calls;
import dev.tofusoup.stock.calls.Endpoint;
import dev.tofusoup.stock.calls.Responses;
import dev.tofusoup.stock.calls.StockChannel;
import dev.tofusoup.stock.credentials.Credentials;
import dev.tofusoup.stock.credentials.CredentialsException;
import dev.tofusoup.stock.credentials.Warmup;
import dev.tofusoup.stock.directive.DirectiveInterceptor;
import dev.tofusoup.stock.directive.Report;
import dev.tofusoup.stock.listener.Binding;
import dev.tofusoup.stock.listener.Listener;
import dev.tofusoup.stock.options.ClientOptions;
import dev.tofusoup.stock.options.ServerOptions;
import dev.tofusoup.stock.options.UsageException;
import dev.tofusoup.stock.options.Words;
import dev.tofusoup.stock.session.ClientSession;
import dev.tofusoup.stock.session.FrameException;
import dev.tofusoup.stock.session.ServerSession;
import dev.tofusoup.stock.store.Stores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import tofusoup.stock.TradeFill;
import tofusoup.stock.TradeOrder;
import tofusoup.stock.WatchEvent;

/**
 * Loads the classes that the two programs load, for the archive that the launcher keeps of them.
 */
public final class Rehearsal {
  private static final int MAX_RECEIVE_BYTES = Binding.DEFAULT_RECEIVE_BYTES;

  private Rehearsal() {}

  /** Serves and calls once. */
  public static void main(String[] args)
      throws CredentialsException,
          FrameException,
          InterruptedException,
          IOException,
          UsageException {
    Streams.take();
    ServerOptions.parse(Words.of("--port=0", "--grace-seconds=1"));
    ClientOptions.parse(Words.of("get", "key", "--server=localhost:1", "--timeout-seconds=1"));
    Warmup.run();
    Credentials.client(null, null);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Stores stores = new Stores();
    Listener listener =
        new Listener(
            new Binding(loopback, 0, Binding.PLAINTEXT, null, MAX_RECEIVE_BYTES),
            stores,
            List.of(new DirectiveInterceptor(stores, Report.NOBODY)));
    InetSocketAddress address = new InetSocketAddress(loopback, listener.port());
    try (StockChannel channel =
        new StockChannel(new Endpoint(address, null, null, MAX_RECEIVE_BYTES))) {
      call(new Calls(channel.channel(), Duration.ofSeconds(2)));
    }
    listener.drain(Duration.ZERO);
    sessions();
    System.exit(0);
  }

  private static void call(Calls calls) {
    Responses<WatchEvent> events = calls.monitor("");
    calls.put("key", ByteString.EMPTY);
    calls.get("key");
    calls.inventory();
    calls.batch(List.of());
    calls.health("");
    // Not waited for: nobody knows whether the put came before the subscription.
    events.close();
    Lines.event(WatchEvent.getDefaultInstance());
    TradeOrder order = TradeOrder.newBuilder().setSymbol("symbol").setQuantity(1).build();
    try (Responses<TradeFill> fills = calls.trade(List.of(order))) {
      Lines.fill(fills.next());
    }
  }

  private static void sessions() throws FrameException, InterruptedException, IOException {
    ServerSession server = new ServerSession(new ByteArrayOutputStream());
    server.run(InputStream.nullInputStream());
    server.end(Duration.ZERO);
    ClientSession client = new ClientSession(new ByteArrayOutputStream());
    client.run(InputStream.nullInputStream());
    client.end();
  }
}
