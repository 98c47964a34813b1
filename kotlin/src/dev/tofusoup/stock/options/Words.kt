package dev.tofusoup.stock.options

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.nio.file.Path
import kotlin.io.path.readBytes

/**
 * Words of a command line as bytes. Java decodes its arguments by the locale and replaces what is
 * none of its text, so they are strings here whose characters are bytes (ISO 8859-1).
 */
object Words {
    private val COMMAND_LINE = Path.of("/proc/self/cmdline")
    private const val FIRST_PLAIN = 0x20
    private const val DELETE = 0x7F
    private const val PAST_BYTES = 0x100

    /** The words that this process was given, or the decoded ones where the system does not tell. */
    fun given(decoded: Array<String>): List<String> =
        try {
            val line = COMMAND_LINE.readBytes().toString(Charsets.ISO_8859_1)
            // Each word is followed by a NUL.
            line.removeSuffix("\u0000").split('\u0000').takeLast(decoded.size)
        } catch (_: IOException) {
            decoded.map(::of) // not Linux
        }

    /** A word of text. */
    fun of(text: String): String = text.toByteArray().toString(Charsets.ISO_8859_1)

    /** The bytes of a word. */
    fun bytes(word: String): ByteArray = word.toByteArray(Charsets.ISO_8859_1)

    /** The text of a word, or null where it is not UTF-8. */
    fun text(word: String): String? =
        try {
            Charsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes(word)))
                .toString()
        } catch (_: CharacterCodingException) {
            null
        }

    /** The file that a word names; as text is to the system what UTF-8 is, other names cannot be had. */
    fun path(word: String): Path = Path.of(text(word) ?: printable(word))

    /** A word fit for a line of text. */
    fun printable(word: String): String {
        val text = text(word)
        return (text ?: word)
            .map { c ->
                val plain = if (text == null) c.code in FIRST_PLAIN until DELETE else !c.isISOControl()
                when {
                    plain && c in "\"\\" -> "\\$c"
                    plain -> c.toString()
                    c.code < PAST_BYTES -> "\\x%02x".format(c.code)
                    else -> "\\u%04x".format(c.code)
                }
            }.joinToString("")
    }

    /** A word as it is told of. */
    fun quoted(word: String): String = "\"${printable(word)}\""
}
