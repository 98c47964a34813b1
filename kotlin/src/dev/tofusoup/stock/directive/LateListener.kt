package dev.tofusoup.stock.directive

import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.Status
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlin.time.Duration

/**
 * Keeps a call's events for a handler that starts some time later, and never where the call is
 * cancelled before.
 *
 * @param start starts it
 */
internal class LateListener<Q>(
    scope: CoroutineScope,
    delay: Duration,
    private val call: ServerCall<Q, *>,
    private val start: () -> ServerCall.Listener<Q>,
) : ServerCall.Listener<Q>() {
    private val events = mutableListOf<(ServerCall.Listener<Q>) -> Unit>()
    private var handler: ServerCall.Listener<Q>? = null
    private val waiting =
        scope.launch {
            delay(delay)
            begin()
        }

    override fun onMessage(message: Q) = hear { it.onMessage(message) }

    override fun onHalfClose() = hear { it.onHalfClose() }

    override fun onReady() = hear { it.onReady() }

    override fun onComplete() = hear { it.onComplete() }

    override fun onCancel() {
        waiting.cancel()
        hear { it.onCancel() }
    }

    @Suppress("TooGenericExceptionCaught") // whatever a handler throws
    @Synchronized
    private fun begin() {
        try {
            val started = start()
            handler = started
            events.forEach { it(started) }
        } catch (e: RuntimeException) {
            call.close(Status.fromThrowable(e), Metadata())
        }
    }

    @Synchronized
    private fun hear(event: (ServerCall.Listener<Q>) -> Unit) {
        handler?.let(event) ?: events.add(event)
    }
}
