package dev.tofusoup.stock.options

/** Exit codes of the two programs; an RPC that failed is [RPC] plus its status code. */
object ExitCode {
    const val OK = 0
    const val NOT_SERVING = 1
    const val USAGE = 2
    const val CANNOT_BIND = 3
    const val INTERNAL = 4
    const val RPC = 64
}
