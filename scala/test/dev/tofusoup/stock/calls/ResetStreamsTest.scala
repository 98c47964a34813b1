package dev.tofusoup.stock.calls

import io.netty.buffer.ByteBuf
import io.netty.buffer.Unpooled
import io.netty.channel.embedded.EmbeddedChannel
import io.netty.handler.codec.http2.DefaultHttp2Headers
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder
import io.netty.handler.codec.http2.Http2Error
import io.netty.handler.codec.http2.Http2FrameAdapter
import io.netty.handler.codec.http2.Http2FrameTypes

class ResetStreamsTest extends munit.FunSuite:
  private val http2 = Http2ConnectionHandlerBuilder().server(false).frameListener(Http2FrameAdapter()).build()
  private val connection = EmbeddedChannel(http2, ResetStreams())
  private val context = connection.pipeline.context(http2)

  private def open(stream: Int): Unit =
    val headers = DefaultHttp2Headers()
    val _ = http2.encoder.writeHeaders(context, stream, headers, 0, false, context.newPromise())
    val _ = http2.encoder.writeData(context, stream, Unpooled.copyInt(1), 0, true, context.newPromise())

  test("nothing follows a reset"):
    val _ = sent()
    open(3)
    open(5)
    val _ = http2.resetStream(context, 3, Http2Error.CANCEL.code, context.newPromise())
    val _ = connection.flush()
    val expected = Vector(
      (Http2FrameTypes.HEADERS, 3),
      (Http2FrameTypes.HEADERS, 5),
      (Http2FrameTypes.RST_STREAM, 3),
      (Http2FrameTypes.DATA, 5)
    )
    assertEquals(sent(), expected)

  /** Type and stream of each frame since the last time, the connection's preface aside. */
  private def sent(): Vector[(Byte, Int)] =
    val bytes = Unpooled.buffer()
    val parts = Iterator.continually(Option(connection.readOutbound[ByteBuf]())).takeWhile(_.isDefined).flatten
    parts.foreach: part =>
      val _ = bytes.writeBytes(part)
      val _ = part.release()
    if bytes.isReadable && bytes.getByte(0) == 'P' then
      val _ = bytes.skipBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length)
    Vector.unfold(bytes)(left => Option.when(left.isReadable)((frame(left), left)))

  private def frame(bytes: ByteBuf): (Byte, Int) =
    val length = bytes.readUnsignedMedium()
    val kind = bytes.readByte()
    val _ = bytes.skipBytes(1) // flags
    val stream = bytes.readInt()
    val _ = bytes.skipBytes(length)
    (kind, stream)
