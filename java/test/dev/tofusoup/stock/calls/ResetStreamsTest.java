package dev.tofusoup.stock.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ResetStreamsTest {
  private final Http2ConnectionHandler http2 =
      new Http2ConnectionHandlerBuilder()
          .server(false)
          .frameListener(new Http2FrameAdapter())
          .build();
  private final EmbeddedChannel connection = new EmbeddedChannel(http2, new ResetStreams());
  private final ChannelHandlerContext context = connection.pipeline().context(http2);

  private void open(int stream) {
    var unused =
        http2
            .encoder()
            .writeHeaders(
                context, stream, new DefaultHttp2Headers(), 0, false, context.newPromise());
    unused =
        http2
            .encoder()
            .writeData(context, stream, Unpooled.copyInt(1), 0, true, context.newPromise());
  }

  @Test
  void nothingFollowsAReset() {
    sent();
    open(3);
    open(5);
    var unused = http2.resetStream(context, 3, Http2Error.CANCEL.code(), context.newPromise());
    connection.flush();
    List<String> expected =
        List.of(
            Http2FrameTypes.HEADERS + " of 3",
            Http2FrameTypes.HEADERS + " of 5",
            Http2FrameTypes.RST_STREAM + " of 3",
            Http2FrameTypes.DATA + " of 5");
    assertEquals(expected, sent());
  }

  /** Type and stream of each frame since the last time, the connection's preface aside. */
  private List<String> sent() {
    ByteBuf bytes = Unpooled.buffer();
    for (ByteBuf part = connection.readOutbound(); part != null; part = connection.readOutbound()) {
      bytes.writeBytes(part);
      part.release();
    }
    if (bytes.isReadable() && bytes.getByte(0) == 'P') {
      bytes.skipBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
    }
    List<String> frames = new ArrayList<>();
    while (bytes.isReadable()) {
      int length = bytes.readUnsignedMedium();
      byte type = bytes.readByte();
      bytes.skipBytes(1); // flags
      frames.add(type + " of " + bytes.readInt());
      bytes.skipBytes(length);
    }
    return frames;
  }
}
