package dev.tofusoup.stock.session

import com.google.protobuf.InvalidProtocolBufferException
import com.google.protobuf.MessageLite
import tofusoup.stock.session.Command
import java.io.InputStream
import java.io.OutputStream
import java.nio.ByteBuffer

/** Frames: four bytes of length, big-endian, then one message. */
object Frames {
    const val MAX_BYTES = 16 shl 20

    /** The next command, or null at the end of the input. */
    fun read(input: InputStream): Command? {
        val head = input.readNBytes(Int.SIZE_BYTES)
        if (head.isEmpty()) {
            return null
        }
        val size = if (head.size == Int.SIZE_BYTES) Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt()) else Long.MAX_VALUE
        if (head.size == Int.SIZE_BYTES && size > MAX_BYTES) {
            throw FrameException("a frame of $size bytes; at most $MAX_BYTES")
        }
        val body = if (size <= MAX_BYTES) input.readNBytes(size.toInt()) else byteArrayOf()
        if (body.size < size) {
            throw FrameException("standard input ends within a frame")
        }
        try {
            return Command.parseFrom(body)
        } catch (_: InvalidProtocolBufferException) {
            throw FrameException("a frame does not decode as a Command")
        }
    }

    /** Writes a message; false, and nothing is written, where it is too large for a frame. */
    fun write(
        message: MessageLite,
        output: OutputStream,
    ): Boolean {
        val size = message.serializedSize
        if (size > MAX_BYTES) {
            return false
        }
        output.write(ByteBuffer.allocate(Int.SIZE_BYTES).putInt(size).array())
        message.writeTo(output)
        return true
    }
}
