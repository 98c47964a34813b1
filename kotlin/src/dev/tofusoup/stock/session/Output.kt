package dev.tofusoup.stock.session

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import tofusoup.stock.session.Event
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.OutputStream
import java.util.logging.Level
import java.util.logging.Logger
import kotlin.time.Duration.Companion.seconds

/**
 * Writes events in a coroutine of its own, so that nobody waits for the runner. What is ready
 * together leaves in one write. Its memory is bounded only by a runner that reads.
 */
internal class Output(
    scope: CoroutineScope,
    private val stream: OutputStream,
) {
    /** Has events to write; it is asked once for each time that it was queued. */
    fun interface Source {
        fun take(): List<Event>
    }

    private val queue = Channel<Source>(Channel.UNLIMITED)
    private val writer = scope.launch(Dispatchers.IO) { write() }

    fun send(event: Event) = push { listOf(event) }

    fun push(source: Source) {
        queue.trySend(source)
    }

    /** Writes what is queued. What comes later is lost, and what a runner does not read in time. */
    suspend fun close() {
        queue.close()
        withTimeoutOrNull(PATIENCE) { writer.join() } ?: logger.warning("the runner does not read")
    }

    private suspend fun write() {
        try {
            for (first in queue) {
                val ready = generateSequence(first) { queue.tryReceive().getOrNull() }
                val frames = ByteArrayOutputStream()
                ready.flatMap { it.take() }.forEach { add(it, frames) }
                frames.writeTo(stream)
                stream.flush()
            }
        } catch (e: IOException) {
            // The end of standard input ends the session.
            logger.log(Level.WARNING, "cannot write to the runner", e)
        }
    }

    private fun add(
        event: Event,
        frames: OutputStream,
    ) {
        if (!Frames.write(event, frames)) {
            logger.severe("an event of ${event.serializedSize} bytes is lost")
        }
    }

    private companion object {
        val logger: Logger = Logger.getLogger(Output::class.java.name)
        val PATIENCE = 1.seconds
    }
}
