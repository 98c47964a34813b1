package dev.tofusoup.stock.listener

import dev.tofusoup.stock.headers.Headers
import dev.tofusoup.stock.service.CallContext
import io.grpc.Context
import io.grpc.Contexts
import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.ServerCallHandler
import io.grpc.ServerInterceptor
import io.grpc.Status
import io.grpc.health.v1.HealthGrpc
import io.grpc.reflection.v1.ServerReflectionGrpc
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import tofusoup.stock.StockGrpc
import java.io.InputStream

/**
 * The calls of a listener, and what stands around each of their handlers: it knows how many run,
 * ends at the drain those that have no end of their own, holds to the limits of a call and keeps
 * faults from the peer.
 */
internal class Calls(
    private val maxReceiveBytes: Int,
) : ServerInterceptor {
    private val running = HashSet<GuardedCall<*, *>>()
    private val endless = HashSet<GuardedCall<*, *>>()
    private var draining = false
    private val count = MutableStateFlow(0)

    /** How many calls run. */
    val size: Int get() = count.value

    /** Waits until no call runs. */
    suspend fun awaitNone() {
        count.first { it == 0 }
    }

    override fun <Q, R> interceptCall(
        call: ServerCall<Q, R>,
        headers: Metadata,
        next: ServerCallHandler<Q, R>,
    ): ServerCall.Listener<Q> {
        val guarded = GuardedCall(call)
        begin(guarded)
        val size = Headers.size(headers)
        if (size > MAX_METADATA_BYTES) {
            guarded.close(Status.RESOURCE_EXHAUSTED.withDescription("metadata of $size bytes, at most $MAX_METADATA_BYTES"), Metadata())
        }
        val sendHeaders = { guarded.sendHeaders(Metadata()) }
        val context = Context.current().withValue(CallContext.SEND_HEADERS, sendHeaders)
        return Guard(guarded).apply {
            if (size <= MAX_METADATA_BYTES) {
                run { listener = Contexts.interceptCall(context, guarded, headers, next) }
            }
        }
    }

    /** Ends the calls that have no end of their own, those still to come too. */
    fun drain() {
        val ended =
            synchronized(this) {
                draining = true
                endless.toList()
            }
        for (call in ended) {
            call.close(DRAINING, Metadata())
            end(call) // whatever its handler still waits for
        }
    }

    private fun begin(call: GuardedCall<*, *>) {
        val tooLate =
            synchronized(this) {
                running += call
                count.value = running.size
                val ends = call.methodDescriptor.fullMethodName !in ENDLESS
                if (!ends) {
                    endless += call
                }
                draining && !ends
            }
        if (tooLate) {
            call.close(DRAINING, Metadata())
        }
    }

    @Synchronized
    private fun end(call: GuardedCall<*, *>) {
        running -= call
        endless -= call
        count.value = running.size
    }

    /** Hands a call's events to its handler; what that throws ends the call. */
    private inner class Guard<Q>(
        private val call: GuardedCall<Q, *>,
    ) : ServerCall.Listener<Q>() {
        var listener: ServerCall.Listener<Q> = object : ServerCall.Listener<Q>() {}

        @Suppress("TooGenericExceptionCaught") // whatever a handler throws
        fun run(step: () -> Unit) {
            try {
                step()
            } catch (e: RuntimeException) {
                // The library's own has a status: a request that does not decode, or is too large.
                call.close(Status.fromThrowable(e), Metadata())
            }
        }

        override fun onMessage(message: Q) = run { listener.onMessage(limited(message)) }

        override fun onHalfClose() = run { listener.onHalfClose() }

        override fun onReady() = run { listener.onReady() }

        override fun onCancel() {
            call.abandon()
            run { listener.onCancel() }
            end(call)
        }

        override fun onComplete() {
            run { listener.onComplete() }
            end(call)
        }

        /** Requests come as streams of bytes, which the handler's side decodes. */
        @Suppress("UNCHECKED_CAST")
        private fun limited(message: Q): Q = if (message is InputStream) LimitedMessage(message, maxReceiveBytes) as Q else message
    }

    companion object {
        /** The most metadata of a request. */
        const val MAX_METADATA_BYTES = 16 shl 10

        private val DRAINING: Status = Status.UNAVAILABLE.withDescription("server shutting down")

        @Suppress("DEPRECATION") // what older clients ask for
        private val ENDLESS: Set<String> =
            setOf(
                StockGrpc.getMonitorMethod(),
                HealthGrpc.getWatchMethod(),
                ServerReflectionGrpc.getServerReflectionInfoMethod(),
                io.grpc.reflection.v1alpha.ServerReflectionGrpc
                    .getServerReflectionInfoMethod(),
            ).map { it.fullMethodName }.toSet()
    }
}
