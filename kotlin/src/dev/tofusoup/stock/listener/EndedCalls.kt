package dev.tofusoup.stock.listener

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener
import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.ServerCallHandler
import io.grpc.ServerInterceptor

/**
 * Ends the coroutine of a handler whose call others have ended: grpc-kotlin's listens for
 * cancellation alone, and would keep it for ever.
 */
internal object EndedCalls : ServerInterceptor {
    override fun <Q, R> interceptCall(
        call: ServerCall<Q, R>,
        headers: Metadata,
        next: ServerCallHandler<Q, R>,
    ): ServerCall.Listener<Q> = Ended(next.startCall(call, headers))

    private class Ended<Q>(
        listener: ServerCall.Listener<Q>,
    ) : SimpleForwardingServerCallListener<Q>(listener) {
        override fun onComplete() = super.onCancel()
    }
}
