package dev.tofusoup.stock.store

/**
 * Asks to change the position of a symbol, or what it is.
 *
 * @property type [BUY], [SELL] or [QUERY], as on the wire; any other number is an unknown type
 */
data class Order(
    val type: Int,
    val symbol: String,
    val quantity: Int,
) {
    companion object {
        const val BUY = 0
        const val SELL = 1
        const val QUERY = 2
    }
}

/**
 * Answers an order. A refused one has the quantity 0 and the reason as its message.
 *
 * @property timestamp Unix nanoseconds: a tick of the store's one clock
 */
data class Fill(
    val success: Boolean,
    val quantity: Int,
    val message: String,
    val timestamp: Long,
)

/** Why an order is refused at a position, or null. The order of the checks is the service's. */
internal fun Order.refusal(have: Int): String? =
    when {
        !Keys.isValid(symbol) -> "invalid symbol"
        type !in Order.BUY..Order.QUERY -> "unknown order type: $type"
        type == Order.QUERY -> null
        quantity <= 0 -> "quantity must be positive"
        type == Order.BUY && quantity > Int.MAX_VALUE - have -> "position limit"
        type == Order.SELL && quantity > have -> "insufficient position: have $have, want $quantity"
        else -> null
    }
