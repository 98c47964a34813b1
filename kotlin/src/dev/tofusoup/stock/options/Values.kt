package dev.tofusoup.stock.options

import com.google.common.net.HostAndPort
import com.google.common.net.InetAddresses
import java.math.BigDecimal
import java.math.RoundingMode
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/** What the values of flags are read as: null where they are not what is expected. */
internal object Values {
    private const val MOST_DIGITS = 19
    private const val MOST_SECOND_DIGITS = 9
    private const val NANOSECOND_DIGITS = 9
    private const val MOST_PORT = 65_535
    private val ENDPOINT = Regex("(?:\\[([^\\]]+)]|([A-Za-z0-9._-]+)):([0-9]{1,5})")

    /** A number without sign, exponent or anything else. */
    fun integer(
        value: String,
        range: LongRange,
    ): Long? {
        if (!isDigits(value) || value.length > MOST_DIGITS) {
            return null
        }
        return value.toLongOrNull()?.takeIf { it in range }
    }

    /** Seconds like 5 or 0.25. */
    fun seconds(value: String): Duration? {
        val parts = value.split('.')
        val isRight = parts.size <= 2 && parts.all(::isDigits) && parts.first().length <= MOST_SECOND_DIGITS
        if (!isRight) {
            return null
        }
        // Up: a fraction of a nanosecond is not 0.
        val rounded = BigDecimal(value).movePointRight(NANOSECOND_DIGITS).setScale(0, RoundingMode.CEILING)
        return rounded.toLong().nanoseconds
    }

    /** A host and a port, with an IPv6 address in brackets. */
    fun endpoint(value: String): HostAndPort? {
        val (literal, name, digits) = ENDPOINT.matchEntire(value)?.destructured ?: return null
        val isHost = literal.isEmpty() || (':' in literal && InetAddresses.isInetAddress(literal))
        val port = digits.toInt()
        return if (isHost && port in 1..MOST_PORT) HostAndPort.fromParts(literal.ifEmpty { name }, port) else null
    }

    fun isDigits(text: String): Boolean = text.isNotEmpty() && text.all { it in '0'..'9' }
}
