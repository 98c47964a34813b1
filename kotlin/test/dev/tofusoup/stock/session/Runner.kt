package dev.tofusoup.stock.session

import dev.tofusoup.stock.testing.PATIENCE
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import tofusoup.stock.session.Command
import tofusoup.stock.session.Event
import tofusoup.stock.session.Events
import tofusoup.stock.session.Failure
import tofusoup.stock.session.Start
import java.io.DataInputStream
import java.io.IOException
import java.io.PipedInputStream
import java.io.PipedOutputStream

/** Drives a session of a test: a runner in the small. */
internal class Runner(
    scope: CoroutineScope,
) : AutoCloseable {
    /** What the session reads and writes. */
    val input = PipedInputStream()
    val output = PipedOutputStream()

    private val commands = PipedOutputStream(input)
    private val events = Channel<Event>(Channel.UNLIMITED)
    private var id = 0
    private var call = 0

    init {
        val frames = DataInputStream(PipedInputStream(output, PIPE_BYTES))
        scope.launch(Dispatchers.IO) {
            try {
                while (true) {
                    events.send(Event.parseFrom(frames.readNBytes(frames.readInt())))
                }
            } catch (_: IOException) {
                // The session has ended.
            }
        }
    }

    fun command(fill: Command.Builder.() -> Unit): Int {
        id++
        Frames.write(
            Command
                .newBuilder()
                .setId(id)
                .apply(fill)
                .build(),
            commands,
        )
        commands.flush()
        return id
    }

    fun start(start: Start.Builder): Int {
        call++
        command { setStart(start.setCall(call).setChannel(1)) }
        return call
    }

    suspend fun event(): Event = withTimeout(PATIENCE) { events.receive() }

    suspend fun failure(): Failure = event().also { check(it.hasFailure()) { "a failure was expected: $it" } }.failure

    /** All that a call gives until it has ended. */
    suspend fun result(number: Int): Events {
        val all = Events.newBuilder()
        while (!all.hasStatus()) {
            event().events.takeIf { it.call == number }?.let { all.mergeFrom(it) }
        }
        return all.build()
    }

    override fun close() = commands.close()

    private companion object {
        const val PIPE_BYTES = 1 shl 20
    }
}
