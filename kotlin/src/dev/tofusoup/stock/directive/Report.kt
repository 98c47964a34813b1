package dev.tofusoup.stock.directive

import tofusoup.stock.session.Observed

/** Is told, once and from any thread, when a call with a tag has ended. It must not block. */
fun interface Report {
    /** Takes what the server saw of a call. */
    fun observed(observed: Observed)

    companion object {
        /** Nobody to tell. */
        val NOBODY = Report { }
    }
}
