package dev.tofusoup.stock.session

import com.google.protobuf.ByteString
import dev.tofusoup.stock.headers.Headers
import io.grpc.Metadata
import tofusoup.stock.session.Event
import tofusoup.stock.session.Events
import tofusoup.stock.session.Response
import tofusoup.stock.session.Status
import kotlin.time.TimeSource

/** How a call has ended: what its library gave. */
internal class End(
    val status: io.grpc.Status,
    val trailers: Metadata,
)

/** Collects what a call's library gave until the output writes it: the source of the call's frames. */
internal class CallReport(
    private val call: Int,
    private val output: Output,
) : Output.Source {
    private val started = TimeSource.Monotonic.markNow()
    private var frames = mutableListOf<Event>()
    private var last: Events.Builder? = null
    private var bytes = 0
    private var queued = false

    fun headers(headers: Metadata) = add { it.setHeaders(Headers.fromGrpc(headers)) }

    fun response(response: Response) =
        add {
            it.addResponses(response)
            bytes += response.serializedSize
        }

    fun status(
        end: End,
        unsent: Int,
    ) = add { it.setStatus(statusOf(end, unsent)) }

    /** Adds everything that a unary call gives, in one frame; null for what it did not give. */
    fun unary(
        headers: Metadata?,
        response: Response?,
        end: End,
    ) = add { events ->
        headers?.let { events.setHeaders(Headers.fromGrpc(it)) }
        response?.let { events.addResponses(it) }
        events.setStatus(statusOf(end, unsent = 0))
    }

    @Synchronized
    override fun take(): List<Event> {
        finishFrame()
        queued = false
        return frames.also { frames = mutableListOf() }
    }

    @Synchronized
    private fun add(fill: (Events.Builder) -> Unit) {
        val events = last ?: Events.newBuilder().setCall(call).also { bytes = 0 }
        last = events
        fill(events)
        events.setAtNs(started.elapsedNow().inWholeNanoseconds)
        if (bytes >= FRAME_TARGET) {
            finishFrame()
        }
        if (!queued) {
            queued = true
            output.push(this)
        }
    }

    private fun finishFrame() {
        last?.let { frames += Event.newBuilder().setEvents(it).build() }
        last = null
    }

    private companion object {
        /**
         * The size of responses at which a frame is full and the next one begins; far below the
         * most, as a frame is full only when a response has filled it.
         */
        const val FRAME_TARGET = 1 shl 20

        fun statusOf(
            end: End,
            unsent: Int,
        ): Status {
            val status =
                Status
                    .newBuilder()
                    .setCode(end.status.code.value())
                    .setTrailers(Headers.fromGrpc(end.trailers))
                    .setUnsent(unsent)
            end.status.description?.let { status.setMessage(it) }
            end.trailers.get(Headers.DETAILS)?.let { status.setDetails(ByteString.copyFrom(it)) }
            return status.build()
        }
    }
}
