package dev.tofusoup.stock.listener;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads of listeners; daemons, so that none keeps the process alive. */
final class Transport {
  static final EventLoopGroup CONNECTIONS = group("connection", 2);

  /** Runs handlers, on a thread each: a directive may hold one back. */
  static final ExecutorService HANDLERS =
      Executors.newCachedThreadPool(new DefaultThreadFactory("handler", true));

  private Transport() {}

  /** A listener's own: its port is free once this has ended. */
  static EventLoopGroup acceptor() {
    return group("acceptor", 1);
  }

  private static EventLoopGroup group(String name, int threads) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }
}
