package dev.tofusoup.stock.directive

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener
import io.grpc.ServerCall

/** Hands the events of a directed call to its handler, which hears no more of one that has failed. */
internal class DirectedListener<Q>(
    private val call: DirectedCall<Q, *>,
    private val observer: Observer,
    handler: ServerCall.Listener<Q>,
) : SimpleForwardingServerCallListener<Q>(handler) {
    override fun onMessage(message: Q) {
        if (call.hasFailed) {
            return
        }
        observer.read()
        call.deliver()
        super.onMessage(message)
    }

    override fun onHalfClose() {
        if (!call.hasFailed) {
            super.onHalfClose()
        }
    }

    override fun onCancel() {
        observer.ended(cancelled = true)
        super.onCancel()
    }

    override fun onComplete() {
        observer.ended(cancelled = false)
        super.onComplete()
    }
}
