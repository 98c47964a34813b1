package dev.tofusoup.stock.options

/** A command line that breaks the grammar; the message is one line that names what breaks it. */
class UsageException(
    reason: String,
) : Exception(reason)
