package dev.tofusoup.stock.session

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientInterceptor
import io.grpc.ClientInterceptors
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import io.grpc.Status
import io.grpc.StatusException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withContext
import tofusoup.stock.session.Request
import tofusoup.stock.session.Response
import tofusoup.stock.session.Start
import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.channels.Channel as Queue

/**
 * A call: hands requests to the library as it has room for them, and reports what the library
 * gives. Its functions may be called from any thread.
 */
internal class Call<Q : Any, R : Any>(
    private val start: Start,
    private val method: Method<Q, R>,
    private val metadata: Metadata,
    private val report: CallReport,
) {
    private val requests = Queue<Request>(Queue.UNLIMITED)
    private val unsent = AtomicInteger()
    private val allowed = MutableStateFlow(responses(start.credit))
    private val end = CompletableDeferred<End>()
    private var headers: Metadata? = null
    private var response: Response? = null

    init {
        start.requestsList.forEach(::queue)
        if (start.halfClose || !method.sends) {
            requests.close()
        }
    }

    /** Calls, and reports all that comes of it; to cancel this is to cancel the call. */
    suspend fun run(channel: Channel) {
        val heard = ClientInterceptors.intercept(channel, Ears())
        val failure =
            runCatching {
                method.caller.call(heard, options(), requestFlow(), metadata).collect { take(it) }
            }.exceptionOrNull()
        withContext(NonCancellable) { finish(failure) }
    }

    /** Queues requests. */
    fun send(more: List<Request>) {
        checkOpen()
        if (more.any { it.requestCase != method.accepts }) {
            throw RefusalException("requests: one is not of the rpc's type")
        }
        more.forEach(::queue)
    }

    /** Ends the requests after those queued. */
    fun halfClose() {
        if (!requests.close()) {
            throw RefusalException(CLOSED)
        }
    }

    /** Allows more responses. */
    fun receive(credit: Int) {
        allowed.update { before -> (before + responses(credit)).let { if (it < before) Long.MAX_VALUE else it } }
    }

    private fun queue(request: Request) {
        unsent.incrementAndGet()
        requests.trySend(request)
    }

    private fun requestFlow() =
        flow {
            for (request in requests) {
                unsent.decrementAndGet()
                emit(method.unwrap(request))
            }
        }

    @OptIn(kotlinx.coroutines.DelicateCoroutinesApi::class)
    private fun checkOpen() {
        if (requests.isClosedForSend) {
            throw RefusalException(CLOSED)
        }
    }

    private fun options(): CallOptions {
        var options = CallOptions.DEFAULT
        if (start.timeoutNs > 0) {
            options = options.withDeadlineAfter(start.timeoutNs, NANOSECONDS)
        }
        if (start.waitForReady) {
            options = options.withWaitForReady()
        }
        return if (start.compress) options.withCompression("gzip") else options
    }

    /** Takes a response, and the next one as soon as that is allowed. */
    private suspend fun take(message: R) {
        val wrapped = method.wrap(Response.newBuilder(), message).build()
        if (!method.receives) {
            response = wrapped
            if (!method.isUnary) {
                report.response(wrapped)
            }
            return
        }
        report.response(wrapped)
        allowed.update { it - 1 }
        allowed.first { it > 0 }
    }

    private suspend fun finish(failure: Throwable?) {
        val heard = end.await()
        val found = failure?.takeIf { heard.status.isOk }?.let(::found)
        val end = if (found == null) heard else End(found, heard.trailers)
        if (method.isUnary) {
            report.unary(headers, response.takeIf { end.status.isOk }, end)
        } else {
            report.status(end, if (method.sends) unsent.get() else 0)
        }
    }

    /** The status of a call that has ended well and failed nevertheless. */
    private fun found(failure: Throwable): Status? =
        when (failure) {
            // What grpc-kotlin finds itself: one response too few, or too many.
            is StatusException -> failure.status

            // It was cancelled before its responses were taken.
            is CancellationException -> Status.CANCELLED.withDescription("cancelled by the client")

            else -> null
        }

    /** Hears what stubs do not tell of: metadata, and the end as the library gives it. */
    private inner class Ears : ClientInterceptor {
        override fun <A, B> interceptCall(
            descriptor: MethodDescriptor<A, B>,
            options: CallOptions,
            next: Channel,
        ): ClientCall<A, B> =
            object : SimpleForwardingClientCall<A, B>(next.newCall(descriptor, options)) {
                override fun start(
                    listener: Listener<B>,
                    headers: Metadata,
                ) = super.start(HearingListener(listener), headers)
            }
    }

    private inner class HearingListener<B>(
        listener: ClientCall.Listener<B>,
    ) : SimpleForwardingClientCallListener<B>(listener) {
        override fun onHeaders(received: Metadata) {
            if (method.isUnary) {
                headers = received
            } else {
                report.headers(received)
            }
            super.onHeaders(received)
        }

        override fun onClose(
            status: Status,
            trailers: Metadata,
        ) {
            end.complete(End(status, trailers))
            super.onClose(status, trailers)
        }
    }

    private companion object {
        const val CLOSED = "call: its requests have ended"

        /** How many responses a credit stands for. */
        fun responses(credit: Int): Long = if (credit > 0) credit.toLong() else Long.MAX_VALUE
    }
}
