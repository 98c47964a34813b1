package dev.tofusoup.stock.testing;

import dev.tofusoup.stock.calls.Endpoint;
import dev.tofusoup.stock.calls.StockChannel;
import dev.tofusoup.stock.directive.DirectiveInterceptor;
import dev.tofusoup.stock.directive.Report;
import dev.tofusoup.stock.listener.Binding;
import dev.tofusoup.stock.listener.Listener;
import dev.tofusoup.stock.store.Stores;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tofusoup.stock.session.Directive;
import tofusoup.stock.session.Observed;

/** A server in conformance mode and a channel to it, in plaintext. */
public final class Peers implements AutoCloseable {
  /** How long a test waits for anything. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Stores stores = new Stores();
  private final BlockingQueue<Observed> observed = new LinkedBlockingQueue<>();
  private final Listener listener;
  private final StockChannel channel;

  /** Listens and makes the channel. */
  public Peers() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Report report = observed::add;
    listener =
        new Listener(
            new Binding(loopback, 0, Binding.PLAINTEXT, null, 4 << 20),
            stores,
            List.of(new DirectiveInterceptor(stores, report)));
    InetSocketAddress address = new InetSocketAddress(loopback, listener.port());
    channel = new StockChannel(new Endpoint(address, null, null, 4 << 20));
  }

  public Listener listener() {
    return listener;
  }

  public Channel channel() {
    return channel.channel();
  }

  /** Gives a call a directive. */
  public static ClientInterceptor directed(Directive.Builder directive) {
    return directed(directive.build().toByteArray());
  }

  /** Gives a call what may be no directive. */
  public static ClientInterceptor directed(byte[] directive) {
    Metadata metadata = new Metadata();
    metadata.put(DirectiveInterceptor.KEY, directive);
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }

  /** What the server has seen of a call, in the order of their ends. */
  public Observed observed() throws InterruptedException {
    Observed next = observed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was observed");
    }
    return next;
  }

  @Override
  public void close() {
    channel.close();
    try {
      listener.drain(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
