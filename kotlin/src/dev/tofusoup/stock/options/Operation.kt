package dev.tofusoup.stock.options

/**
 * What stock_client can do.
 *
 * @property word its name on the command line
 */
enum class Operation(
    val word: String,
    private val takes: IntRange,
    private val arguments: String,
) {
    GET("get", 1..1, "KEY"),
    PUT("put", 2..2, "KEY VALUE|-"),
    DELETE("delete", 1..1, "KEY"),
    MONITOR("monitor", 0..1, "[PREFIX] [--count N]"),
    BATCH("batch", 0..Int.MAX_VALUE, "[KEY=VALUE ...]"),
    TRADE("trade", 1..Int.MAX_VALUE, "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ..."),
    INVENTORY("inventory", 0..0, ""),
    KV_GET("kv-get", 1..1, "KEY"),
    KV_PUT("kv-put", 2..2, "KEY VALUE|-"),
    HEALTH("health", 0..1, "[SERVICE]"),
    ;

    internal val usage: String get() = "  $word $arguments".trimEnd() + "\n"

    internal fun check(given: List<String>) {
        if (given.size < takes.first) {
            throw UsageException("$word needs $arguments")
        }
        if (given.size > takes.last) {
            throw UsageException("stray argument: ${Words.printable(given[takes.last])}")
        }
        // Elsewhere the first one is a key, a prefix or a name.
        val isNamed = this != BATCH && this != TRADE
        if (isNamed && given.isNotEmpty() && Words.text(given.first()) == null) {
            throw UsageException("$word: ${Words.quoted(given.first())} given, UTF-8 expected")
        }
    }

    internal companion object {
        fun named(name: String): Operation =
            entries.find { it.word == name } ?: throw UsageException("unknown operation: ${Words.printable(name)}")
    }
}
