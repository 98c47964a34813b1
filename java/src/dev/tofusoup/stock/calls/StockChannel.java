package dev.tofusoup.stock.calls;

import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** Connections of its own to one endpoint. */
public final class StockChannel implements AutoCloseable {
  /** Daemons, so that none keeps the process alive. */
  private static final EventLoopGroup CONNECTIONS =
      new MultiThreadIoEventLoopGroup(
          2, new DefaultThreadFactory("connection", true), NioIoHandler.newFactory());

  private static final int MAX_METADATA_BYTES = 16 << 10;

  /** gRPC's own first wait is 1 s: a server of a test comes up sooner. */
  private static final long RECONNECT_MILLIS = 50;

  private static final ClientInterceptor READ_FAILURES = new ReadFailures();

  private final ManagedChannel channel;

  /** Makes a channel. It dials nothing before the first call. */
  public StockChannel(Endpoint endpoint) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(endpoint.address())
            .channelFactory(ResetStreams::newConnection)
            .eventLoopGroup(CONNECTIONS)
            .directExecutor() // nobody blocks in a callback
            .disableRetry()
            .proxyDetector(address -> null)
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .maxInboundMessageSize(endpoint.maxReceiveBytes());
    if (endpoint.authority() != null) {
      builder.overrideAuthority(endpoint.authority());
    }
    if (endpoint.credentials() == null) {
      builder.usePlaintext();
    } else {
      builder.sslContext(endpoint.credentials());
    }
    channel = builder.build();
    reconnectSoon();
  }

  /** What stubs are made of. */
  public Channel channel() {
    return ClientInterceptors.intercept(channel, READ_FAILURES);
  }

  /** Closes the connections once their calls have ended. */
  @Override
  public void close() {
    channel.shutdown();
  }

  private void reconnectSoon() {
    ConnectivityState state = channel.getState(false);
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      var unused =
          CONNECTIONS.schedule(
              channel::resetConnectBackoff, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (state != ConnectivityState.SHUTDOWN) {
      channel.notifyWhenStateChanged(state, this::reconnectSoon);
    }
  }
}
