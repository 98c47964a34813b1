package dev.tofusoup.stock

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeoutOrNull
import sun.misc.Signal
import kotlin.time.Duration

/** What ends a program: SIGTERM, SIGINT, or the end of its session's input. */
class Signals {
    private val ends = Channel<Unit>(Channel.UNLIMITED)

    /** Brings about an end. */
    fun end() {
        ends.trySend(Unit)
    }

    /** Waits for an end. */
    suspend fun await() = ends.receive()

    /** Does work until it is done, another end comes or time is up; what is left of it goes on alone. */
    suspend fun unlessAgain(
        scope: CoroutineScope,
        limit: Duration,
        work: suspend () -> Unit,
    ) {
        val job = scope.launch { work() }
        withTimeoutOrNull(limit) {
            select {
                job.onJoin {}
                ends.onReceive {}
            }
        }
    }

    companion object {
        /** From here on the signals of this process are ends. The JDK has no other way to see a second one. */
        fun catching(): Signals {
            val signals = Signals()
            for (name in listOf("TERM", "INT")) {
                Signal.handle(Signal(name)) { signals.end() }
            }
            return signals
        }
    }
}
