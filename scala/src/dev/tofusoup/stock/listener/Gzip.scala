package dev.tofusoup.stock.listener

import io.grpc.Decompressor
import io.grpc.Status
import java.io.IOException
import java.io.InputStream
import java.util.zip.GZIPInputStream

/** Reads requests in gzip, and says INTERNAL of what is none: the library's own throws where no interceptor can tell it
  * from a fault of the handler, or of the library.
  */
private[listener] object Gzip extends Decompressor:
  override def getMessageEncoding: String = "gzip"

  override def decompress(compressed: InputStream): InputStream = Message(compressed)

  /** A message, whose header is read with its first byte: that is the handler's side. */
  final private class Message(compressed: InputStream) extends InputStream:
    private lazy val opened = GZIPInputStream(compressed)

    override def read(): Int = readable(opened.read())

    override def read(into: Array[Byte], offset: Int, length: Int): Int = readable(opened.read(into, offset, length))

    override def close(): Unit = compressed.close()

    private def readable(read: => Int): Int =
      try read
      catch
        case e: IOException =>
          throw Status.INTERNAL.withDescription("the request does not decompress").withCause(e).asRuntimeException
