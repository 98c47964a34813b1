package dev.tofusoup.stock.calls

import io.netty.channel.Channel
import io.netty.channel.ChannelDuplexHandler
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.channel.socket.nio.NioSocketChannel
import io.netty.handler.codec.http2.Http2Connection
import io.netty.handler.codec.http2.Http2ConnectionHandler
import io.netty.handler.codec.http2.Http2Stream

/** Makes a reset the last frame of its stream (RFC 9113 section 5.1).
  *
  * Netty writes a reset at once and closes the stream when that is on its way. In between it writes what the stream
  * still had waiting for the peer's window, and Kestrel and h2 end the whole connection for it. So streams are closed
  * here once their reset is written and before anything is flushed, which drops what they had waiting.
  */
final private[calls] class ResetStreams extends ChannelDuplexHandler:
  override def flush(context: ChannelHandlerContext): Unit =
    Option(context.pipeline.get(classOf[Http2ConnectionHandler]))
      .foreach(handler => reset(handler.connection).foreach(_.close()))
    super.flush(context)

  private def reset(connection: Http2Connection): List[Http2Stream] =
    var found = List.empty[Http2Stream]
    val _ = connection.forEachActiveStream: stream =>
      if stream.isResetSent then found ::= stream
      true
    found

private[calls] object ResetStreams:
  /** A connection with this handler behind those of gRPC. */
  def newConnection(): Channel =
    val connection = NioSocketChannel()
    val _ = connection.pipeline.addLast(Placing())
    connection

  /** Gives its place to the handler once gRPC has added its own. */
  final private class Placing extends ChannelInboundHandlerAdapter:
    override def channelActive(context: ChannelHandlerContext): Unit =
      val _ = context.pipeline.addLast(ResetStreams()).remove(this)
      val _ = context.fireChannelActive()
