package dev.tofusoup.stock.listener

import io.grpc.Decompressor
import io.grpc.Status
import io.grpc.StatusRuntimeException
import java.io.IOException
import java.io.InputStream
import java.util.zip.GZIPInputStream

/**
 * Reads requests in gzip, and says INTERNAL of what is none: the library's own throws where no
 * interceptor can tell it from a fault of the handler, or of the library.
 */
internal object Gzip : Decompressor {
    override fun getMessageEncoding(): String = "gzip"

    override fun decompress(compressed: InputStream): InputStream = Message(compressed)

    /** A message, whose header is read with its first byte: that is the handler's side. */
    private class Message(
        private val compressed: InputStream,
    ) : InputStream() {
        private val opened by lazy { GZIPInputStream(compressed) }

        override fun read(): Int = readable { opened.read() }

        override fun read(
            into: ByteArray,
            offset: Int,
            length: Int,
        ): Int = readable { opened.read(into, offset, length) }

        override fun close() = compressed.close()
    }

    private inline fun readable(read: () -> Int): Int =
        try {
            read()
        } catch (e: IOException) {
            throw unreadable(e)
        }

    private fun unreadable(cause: IOException): StatusRuntimeException =
        Status.INTERNAL
            .withDescription("the request does not decompress")
            .withCause(cause)
            .asRuntimeException()
}
