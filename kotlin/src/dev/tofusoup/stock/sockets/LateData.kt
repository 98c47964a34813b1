package dev.tofusoup.stock.sockets

import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.FilterInputStream
import java.io.FilterOutputStream
import java.io.InputStream
import java.io.OutputStream
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicInteger

/**
 * Keeps data from leaving on a stream of HTTP/2 that the client has reset. Where a server ends a call
 * before its requests have ended, grpc-okhttp resets the stream, and still sends what another thread
 * hands over in that moment. A server may end the whole connection for it with STREAM_CLOSED, as
 * Kestrel does (RFC 9113, section 5.1).
 *
 * What is kept back has been taken from the window of the connection: it is given back to the client
 * by a WINDOW_UPDATE between the server's frames. Empty SETTINGS in its place, which a server must
 * acknowledge, see to it that there is such a frame.
 */
class LateData {
    private val keptBack = AtomicInteger()

    /** What a client writes, to a connection. */
    fun output(connection: OutputStream): OutputStream = Output(connection)

    /** What a connection reads, for a client. */
    fun input(connection: InputStream): InputStream = Input(connection)

    private inner class Output(
        connection: OutputStream,
    ) : FilterOutputStream(connection) {
        private val frames = Http2Frames(Http2Frames.PREFACE_BYTES)
        private val passing = ByteArrayOutputStream()
        private val reset = LinkedHashSet<Int>()
        private var isKeptBack = false

        override fun write(byte: Int) = write(byteArrayOf(byte.toByte()), 0, 1)

        override fun write(
            bytes: ByteArray,
            offset: Int,
            count: Int,
        ) {
            var at = offset
            while (at < offset + count) {
                val part = minOf(offset + count - at, frames.left)
                if (frames.isWithin && !isKeptBack) {
                    passing.write(bytes, at, part)
                }
                if (frames.follow(bytes, at, part)) {
                    begin()
                }
                at += part
            }
            passing.writeTo(out)
            passing.reset()
        }

        private fun begin() {
            isKeptBack = frames.type == Http2Frames.DATA && frames.stream in reset
            if (!isKeptBack) {
                passing.write(frames.header)
            } else if (frames.length > 0) {
                keptBack.addAndGet(frames.length)
                passing.write(Http2Frames.frame(Http2Frames.SETTINGS))
            }
            if (frames.type == Http2Frames.RST_STREAM) {
                reset += frames.stream
                if (reset.size > REMEMBERED) {
                    reset.remove(reset.first())
                }
            }
        }
    }

    private inner class Input(
        connection: InputStream,
    ) : FilterInputStream(connection) {
        private val frames = Http2Frames(before = 0)
        private var given = InputStream.nullInputStream()

        override fun read(): Int = ByteArray(1).let { if (read(it, 0, 1) < 0) -1 else it[0].toInt() and 0xff }

        override fun read(
            bytes: ByteArray,
            offset: Int,
            count: Int,
        ): Int {
            if (frames.isBetween) {
                val rest = given.read(bytes, offset, count)
                if (rest > 0) {
                    return rest
                }
                val back = keptBack.getAndSet(0)
                if (back > 0) {
                    given = ByteArrayInputStream(windowUpdate(back))
                    return given.read(bytes, offset, count)
                }
            }
            // No further than to the next place where something can be given back.
            val most = if (keptBack.get() > 0) minOf(count, frames.left) else count
            return `in`.read(bytes, offset, most).also { follow(bytes, offset, it) }
        }

        private fun follow(
            bytes: ByteArray,
            offset: Int,
            count: Int,
        ) {
            var at = offset
            while (at < offset + count) {
                val part = minOf(offset + count - at, frames.left)
                frames.follow(bytes, at, part)
                at += part
            }
        }
    }

    private companion object {
        /** How many streams that were reset are known: what comes late comes at once. */
        const val REMEMBERED = 1024

        fun windowUpdate(bytes: Int): ByteArray =
            Http2Frames.frame(Http2Frames.WINDOW_UPDATE, ByteBuffer.allocate(Int.SIZE_BYTES).putInt(bytes).array())
    }
}
