package dev.tofusoup.stock.calls

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientInterceptor
import io.grpc.ClientStreamTracer
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall
import io.grpc.Metadata
import io.grpc.MethodDescriptor

/**
 * Sends nothing more on a call that its server has ended. grpc-okhttp resets the stream then, and
 * would send on it what comes later; a server may answer that by ending the whole connection with
 * STREAM_CLOSED, as Kestrel does (RFC 9113, section 5.1).
 *
 * The tracer hears of the end before the reset is sent. What is being handed over in that moment
 * still goes out: the transport's lock is its own.
 */
object EndedByServer : ClientInterceptor {
    override fun <Q, R> interceptCall(
        method: MethodDescriptor<Q, R>,
        options: CallOptions,
        next: Channel,
    ): ClientCall<Q, R> {
        val end = End()
        return object : SimpleForwardingClientCall<Q, R>(next.newCall(method, options.withStreamTracerFactory(end))) {
            override fun sendMessage(message: Q) {
                if (!end.isHeard) {
                    super.sendMessage(message)
                }
            }

            override fun halfClose() {
                if (!end.isHeard) {
                    super.halfClose()
                }
            }
        }
    }

    private class End : ClientStreamTracer.Factory() {
        @Volatile
        var isHeard = false

        override fun newClientStreamTracer(
            info: ClientStreamTracer.StreamInfo,
            headers: Metadata,
        ) = object : ClientStreamTracer() {
            override fun inboundTrailers(trailers: Metadata) {
                isHeard = true
            }
        }
    }
}
