package dev.tofusoup.stock.calls;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a reset the last frame of its stream (RFC 9113 section 5.1).
 *
 * <p>Netty writes a reset at once and closes the stream when that is on its way. In between it
 * writes what the stream still had waiting for the peer's window, and Kestrel and h2 end the whole
 * connection for it. So streams are closed here once their reset is written and before anything is
 * flushed, which drops what they had waiting.
 */
final class ResetStreams extends ChannelDuplexHandler {
  /** A connection with this handler behind those of gRPC. */
  static Channel newConnection() {
    NioSocketChannel connection = new NioSocketChannel();
    connection
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelActive(ChannelHandlerContext context) {
                context.pipeline().addLast(new ResetStreams()).remove(this);
                context.fireChannelActive();
              }
            });
    return connection;
  }

  @Override
  public void flush(ChannelHandlerContext context) throws Exception {
    Http2ConnectionHandler handler = context.pipeline().get(Http2ConnectionHandler.class);
    if (handler != null) {
      List<Http2Stream> reset = new ArrayList<>();
      handler
          .connection()
          .forEachActiveStream(
              stream -> {
                if (stream.isResetSent()) {
                  reset.add(stream);
                }
                return true;
              });
      reset.forEach(Http2Stream::close);
    }
    super.flush(context);
  }
}
