package dev.tofusoup.stock.options

/** What breaks the grammar of the command line, in one line that names it. */
final case class UsageError(reason: String)
