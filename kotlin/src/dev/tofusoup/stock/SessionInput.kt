package dev.tofusoup.stock

import dev.tofusoup.stock.options.ExitCode
import dev.tofusoup.stock.session.FrameException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import java.io.IOException

/** Reads a session's commands in a coroutine of its own, which is left behind where another end comes. */
internal class SessionInput private constructor() {
    @Volatile
    private var fault: String? = null

    /** Prints what was wrong with the input, if anything; the exit code. */
    fun explain(streams: Streams): Int {
        val reason = fault ?: return ExitCode.OK
        streams.error("$reason\n")
        return ExitCode.INTERNAL
    }

    private suspend fun read(commands: suspend () -> Unit) {
        try {
            commands()
        } catch (e: FrameException) {
            fault = e.message
        } catch (e: IOException) {
            fault = "standard input cannot be read: ${e.message}"
        }
    }

    companion object {
        /** Starts to read; [signals] end at the end of the input, or at its fault. */
        fun read(
            scope: CoroutineScope,
            signals: Signals,
            commands: suspend () -> Unit,
        ): SessionInput {
            val input = SessionInput()
            scope.launch { input.read(commands) }.invokeOnCompletion { signals.end() }
            return input
        }
    }
}
