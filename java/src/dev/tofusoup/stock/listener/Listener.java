package dev.tofusoup.stock.listener;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.net.InetAddresses;
import dev.tofusoup.stock.About;
import dev.tofusoup.stock.service.Description;
import dev.tofusoup.stock.service.KvService;
import dev.tofusoup.stock.service.StockService;
import dev.tofusoup.stock.store.Stores;
import io.grpc.BindableService;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import proto.KVGrpc;
import tofusoup.stock.StockGrpc;

/** A socket with every service behind it, from the bind to the end of its drain. */
public final class Listener {
  /** How long the ends of aborted calls may take: their handlers have been cancelled. */
  public static final Duration ABORT_TIMEOUT = Duration.ofMillis(500);

  private static final int MAX_STREAMS = 100;
  private static final int MAX_METADATA_BYTES = 16 << 10;
  private static final long HANDSHAKE_SECONDS = 10;

  /** How long peers without a call may take to acknowledge the GOAWAY. */
  private static final long FAREWELL_MILLIS = 200;

  private static final DecompressorRegistry DECOMPRESSORS =
      DecompressorRegistry.emptyInstance().with(new Gzip(), true).with(Codec.Identity.NONE, false);

  private final HealthStatusManager health = new HealthStatusManager();
  private final Calls calls = new Calls();
  private final EventLoopGroup acceptor = Transport.acceptor();
  private final Server server;
  private final InetAddress address;
  private final int port;

  /**
   * Binds and serves; whoever made it drains it.
   *
   * @param directives obey the directives of calls; empty where those are ignored
   * @throws IOException where it cannot bind; the message is one line
   */
  public Listener(Binding binding, Stores stores, List<ServerInterceptor> directives)
      throws IOException {
    address = binding.address();
    InetSocketAddress endpoint = new InetSocketAddress(address, binding.port());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(endpoint)
            .channelType(NioServerSocketChannel.class)
            .bossEventLoopGroup(acceptor)
            .workerEventLoopGroup(Transport.CONNECTIONS)
            .withChildOption(ChannelOption.TCP_NODELAY, true)
            .executor(Transport.HANDLERS)
            .decompressorRegistry(DECOMPRESSORS)
            .maxConcurrentCallsPerConnection(MAX_STREAMS)
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .maxInboundMessageSize(binding.maxReceiveBytes())
            .handshakeTimeout(HANDSHAKE_SECONDS, SECONDS);
    if (binding.credentials() != null) {
      builder.sslContext(binding.credentials());
    }
    for (BindableService service : services(stores, binding.security())) {
      builder.addService(guarded(service, directives));
    }
    server = builder.build();
    try {
      server.start();
    } catch (IOException e) {
      var unused = acceptor.shutdownGracefully(0, 0, NANOSECONDS);
      throw new IOException("cannot bind " + text(endpoint) + ": " + rootMessage(e), e);
    }
    port = server.getPort();
  }

  /** The address and port bound, as a literal. */
  public String endpoint() {
    return text(new InetSocketAddress(address, port));
  }

  /** The port bound. */
  public int port() {
    return port;
  }

  /**
   * Refuses new connections, ends the streams that have no end of their own and lets the other
   * calls go on within the grace; then it aborts them. Returns when no call is left and the port is
   * free, and at most {@link #ABORT_TIMEOUT} after the grace, whatever the peers do.
   */
  public void drain(Duration grace) throws InterruptedException {
    long end = System.nanoTime() + grace.toNanos();
    health.enterTerminalState();
    server.shutdown();
    calls.drain();
    while (calls.awaitNone(end - System.nanoTime())) {
      long farewell = Math.min(MILLISECONDS.toNanos(FAREWELL_MILLIS), end - System.nanoTime());
      if (server.awaitTermination(farewell, NANOSECONDS) || calls.running() == 0) {
        break;
      }
    }
    server.shutdownNow();
    long abort = System.nanoTime() + ABORT_TIMEOUT.toNanos();
    if (server.awaitTermination(abort - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      calls.awaitNone(abort - System.nanoTime());
    }
    // The system closes a socket that a selector knows only with that.
    long left = Math.max(0, abort - System.nanoTime());
    acceptor.shutdownGracefully(0, left, NANOSECONDS).await(left, NANOSECONDS);
  }

  private List<BindableService> services(Stores stores, String security) {
    Map<String, String> metadata =
        Map.of(
            "language", About.LANGUAGE,
            "runtime", About.RUNTIME,
            "library", About.LIBRARY,
            "transport", About.TRANSPORT,
            "tls_stack", About.TLS_STACK,
            "security", security);
    Description description = new Description(About.VERSION, System.nanoTime(), metadata);
    for (String name : List.of("", StockGrpc.SERVICE_NAME, KVGrpc.SERVICE_NAME)) {
      health.setStatus(name, ServingStatus.SERVING);
    }
    List<BindableService> services =
        List.of(
            new StockService(stores, description, Transport.HANDLERS),
            new KvService(stores),
            health.getHealthService());
    List<BindableService> all = new ArrayList<>(services);
    all.addAll(ReflectionServices.of(services));
    return all;
  }

  /**
   * Has requests decoded within the guard: gRPC itself would answer what does not decode with
   * UNKNOWN.
   */
  private ServerServiceDefinition guarded(
      BindableService service, List<ServerInterceptor> directives) {
    ServerServiceDefinition decodedLate =
        ServerInterceptors.useInputStreamMessages(service.bindService());
    return ServerInterceptors.intercept(
        ServerInterceptors.intercept(decodedLate, directives), calls);
  }

  private static String text(InetSocketAddress endpoint) {
    String host = InetAddresses.toAddrString(endpoint.getAddress());
    boolean brackets = endpoint.getAddress() instanceof Inet6Address;
    return (brackets ? "[" + host + "]" : host) + ":" + endpoint.getPort();
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }
}
