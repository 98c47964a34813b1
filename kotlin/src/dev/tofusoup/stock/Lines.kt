package dev.tofusoup.stock

import com.google.protobuf.ByteString
import tofusoup.stock.InventoryStatus
import tofusoup.stock.TradeFill
import tofusoup.stock.WatchEvent
import java.nio.CharBuffer

/** The lines that stock_client prints. */
object Lines {
    /** `TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs. */
    fun event(event: WatchEvent): String {
        val key = escape(event.keyBytes)
        return when (event.type) {
            WatchEvent.EventType.DELETE -> "${event.timestamp}\tDELETE\t$key\n"
            else -> "${event.timestamp}\tPUT\t$key\t${escape(event.value)}\n"
        }
    }

    /** `ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs. */
    fun fill(fill: TradeFill): String {
        val verdict = if (fill.success) "ok" else "rejected"
        return "$verdict\t${escape(fill.symbolBytes)}\t${fill.quantityFilled}\t${oneLine(fill.message)}\n"
    }

    /** What a server has and is, a line each. */
    fun inventory(status: InventoryStatus): String =
        buildString {
            append("items=${status.totalItems}\n")
            append("bytes=${status.totalBytes}\n")
            append("uptime_seconds=${status.uptimeSeconds}\n")
            append("server_version=${oneLine(status.serverVersion)}\n")
            status.metadataMap.toSortedMap().forEach { (key, value) -> append("metadata.${oneLine(key)}=${oneLine(value)}\n") }
        }

    /**
     * Bytes fit for one field of a line: `\\`, `\n`, `\r`, `\t`, and `\xHH` for other bytes below
     * 0x20, 0x7F, and bytes that are not UTF-8.
     */
    fun escape(bytes: ByteString): String {
        val out = StringBuilder()
        val input = bytes.asReadOnlyByteBuffer()
        val decoder = Charsets.UTF_8.newDecoder()
        val text = CharBuffer.allocate(maxOf(2, input.remaining()))
        do {
            val result = decoder.reset().decode(input, text, true)
            text.flip().forEach { escape(it, out) }
            text.clear()
            if (result.isError) {
                repeat(result.length()) { hex(input.get().toInt() and 0xFF, out) }
            }
        } while (result.isError)
        return out.toString()
    }

    private fun escape(
        c: Char,
        out: StringBuilder,
    ) {
        when {
            c == '\\' -> out.append("\\\\")
            c == '\n' -> out.append("\\n")
            c == '\r' -> out.append("\\r")
            c == '\t' -> out.append("\\t")
            c.code < FIRST_PLAIN || c.code == DELETE -> hex(c.code, out)
            else -> out.append(c)
        }
    }

    private fun hex(
        value: Int,
        out: StringBuilder,
    ) {
        out.append("\\x%02X".format(value))
    }

    /** A peer's text without the ends of lines that would make it several. */
    fun oneLine(text: String): String = text.replace("\n", "\\n").replace("\r", "\\r")

    private const val FIRST_PLAIN = 0x20
    private const val DELETE = 0x7F
}
