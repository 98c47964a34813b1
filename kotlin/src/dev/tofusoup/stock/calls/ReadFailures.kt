package dev.tofusoup.stock.calls

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientInterceptor
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import io.grpc.Status
import io.grpc.StatusRuntimeException

/**
 * Gives a call whose response cannot be read the reason as its status: one that is too large when
 * it is decompressed is RESOURCE_EXHAUSTED. The library says CANCELLED, with the reason as cause.
 */
internal object ReadFailures : ClientInterceptor {
    override fun <Q, R> interceptCall(
        method: MethodDescriptor<Q, R>,
        options: CallOptions,
        next: Channel,
    ): ClientCall<Q, R> =
        object : SimpleForwardingClientCall<Q, R>(next.newCall(method, options)) {
            override fun start(
                listener: Listener<R>,
                headers: Metadata,
            ) = super.start(Reasonable(listener), headers)
        }

    private class Reasonable<R>(
        listener: ClientCall.Listener<R>,
    ) : SimpleForwardingClientCallListener<R>(listener) {
        override fun onClose(
            status: Status,
            trailers: Metadata,
        ) {
            val cause = status.cause
            val isUnread = status.code == Status.Code.CANCELLED && cause is StatusRuntimeException
            super.onClose(if (isUnread) Status.fromThrowable(cause) else status, trailers)
        }
    }
}
