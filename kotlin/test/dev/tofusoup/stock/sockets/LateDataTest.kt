package dev.tofusoup.stock.sockets

import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer

class LateDataTest {
    private val lateData = LateData()
    private val wire = ByteArrayOutputStream()
    private val output = lateData.output(wire)

    @Test
    fun whatIsInTimePassesInAnyParts() {
        val all = PREFACE + HEADERS + frame(DATA, 3, MESSAGE) + frame(RST_STREAM, 1, CANCEL) + frame(DATA, 3, MESSAGE)
        for (size in 1..all.size) {
            wire.reset()
            val fresh = LateData().output(wire)
            all.asList().chunked(size).forEach { fresh.write(it.toByteArray()) }
            assertArrayEquals(all, wire.toByteArray(), "by $size")
        }
    }

    @Test
    fun dataOfAStreamThatIsResetIsKeptBack() {
        val before = PREFACE + HEADERS + frame(RST_STREAM, 3, CANCEL)
        val late = frame(DATA, 3, MESSAGE) + frame(DATA, 3, byteArrayOf(), END_STREAM)
        val other = frame(DATA, 5, MESSAGE)
        val expected = before + frame(SETTINGS, 0, byteArrayOf()) + other
        for (size in 1..late.size) {
            wire.reset()
            val fresh = LateData().output(wire)
            (before + late + other).asList().chunked(size).forEach { fresh.write(it.toByteArray()) }
            assertArrayEquals(expected, wire.toByteArray(), "by $size")
        }
    }

    @Test
    fun whatWasKeptBackIsGivenBackBetweenFrames() {
        output.write(PREFACE + HEADERS)
        val first = frame(DATA, 7, MESSAGE)
        val second = frame(DATA, 9, MESSAGE)
        val input = lateData.input(ByteArrayInputStream(first + second))
        val start = input.readNBytes(4)
        output.write(frame(RST_STREAM, 3, CANCEL) + frame(DATA, 3, MESSAGE) + frame(DATA, 3, MESSAGE))
        val rest = input.readAllBytes()
        val update = frame(WINDOW_UPDATE, 0, ByteBuffer.allocate(4).putInt(2 * MESSAGE.size).array())
        assertArrayEquals(first + update + second, start + rest)
        assertEquals(-1, input.read())
    }

    private companion object {
        const val DATA = 0
        const val RST_STREAM = 3
        const val SETTINGS = 4
        const val WINDOW_UPDATE = 8
        const val END_STREAM = 1
        val PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".toByteArray()
        val CANCEL = byteArrayOf(0, 0, 0, 8)
        val MESSAGE = "a message".toByteArray()
        val HEADERS = frame(1, 3, "not decoded here".toByteArray())

        fun frame(
            type: Int,
            stream: Int,
            payload: ByteArray,
            flags: Int = 0,
        ): ByteArray =
            ByteBuffer
                .allocate(9 + payload.size)
                .put(0)
                .putShort(payload.size.toShort())
                .put(type.toByte())
                .put(flags.toByte())
                .putInt(stream)
                .put(payload)
                .array()
    }
}
