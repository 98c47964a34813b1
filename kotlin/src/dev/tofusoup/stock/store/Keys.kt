package dev.tofusoup.stock.store

import java.nio.charset.CharacterCodingException

/** The rule of keys, prefixes and symbols. */
internal object Keys {
    private const val MOST_BYTES = 1024

    fun check(key: String) {
        if (!isValid(key)) {
            throw InvalidKeyException()
        }
    }

    /** Whether a key is 1 to 1,024 bytes of UTF-8 without U+0000. */
    fun isValid(key: String): Boolean = key.length in 1..MOST_BYTES && '\u0000' !in key && bytes(key) in 1..MOST_BYTES

    /** How many bytes a key has in UTF-8; 0 where it has halves of surrogate pairs. */
    private fun bytes(key: String): Int =
        try {
            key.encodeToByteArray(throwOnInvalidSequence = true).size
        } catch (_: CharacterCodingException) {
            0
        }
}
