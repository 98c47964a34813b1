package dev.tofusoup.stock.directive

import io.grpc.ServerCall

/** A handler that throws the language's ordinary exception at the first event of its call. */
internal class ThrowingListener<Q> : ServerCall.Listener<Q>() {
    private var thrown = false

    override fun onReady() = throwOnce()

    override fun onMessage(message: Q) = throwOnce()

    override fun onHalfClose() = throwOnce()

    private fun throwOnce() {
        if (!thrown) {
            thrown = true
            error("thrown for a directive")
        }
    }
}
