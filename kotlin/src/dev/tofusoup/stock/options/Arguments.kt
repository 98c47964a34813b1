package dev.tofusoup.stock.options

import com.google.protobuf.ByteString

/** The arguments of batch and trade. */
object Arguments {
    private val ORDER = Regex("(buy|sell):(.*):(-?[0-9]{1,10})|query:(.*)", RegexOption.DOT_MATCHES_ALL)

    /** An item of a batch. */
    data class Item(
        val key: String,
        val value: ByteString,
    )

    /** The kinds of an order. */
    enum class Kind { BUY, SELL, QUERY }

    /**
     * An argument of trade.
     *
     * @property quantity 0 for a query
     */
    data class Order(
        val kind: Kind,
        val symbol: String,
        val quantity: Int,
    )

    /** Splits `KEY=VALUE` at its first `=`. */
    fun item(word: String): Item {
        if ('=' !in word) {
            throw UsageException("batch: ${Words.quoted(word)} given, KEY=VALUE expected")
        }
        val name = word.substringBefore('=')
        val key = Words.text(name) ?: throw UsageException("batch: ${Words.quoted(name)} given, a key of UTF-8 expected")
        return Item(key, ByteString.copyFrom(Words.bytes(word.substringAfter('='))))
    }

    /**
     * Splits `buy:SYMBOL:N` and `sell:SYMBOL:N` at the first colon and the last, `query:SYMBOL` at
     * the first.
     */
    fun order(word: String): Order =
        ORDER.matchEntire(word)?.let(::order)
            ?: throw UsageException(
                "trade: ${Words.quoted(word)} given, buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected",
            )

    private fun order(match: MatchResult): Order? {
        val kind = match.groupValues[1]
        if (kind.isEmpty()) {
            return Words.text(match.groupValues[4])?.let { Order(Kind.QUERY, it, 0) }
        }
        val symbol = Words.text(match.groupValues[2])
        val number = match.groupValues[3].toIntOrNull()
        return if (symbol == null || number == null) null else Order(Kind.valueOf(kind.uppercase()), symbol, number)
    }
}
