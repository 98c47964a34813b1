package dev.tofusoup.stock.listener

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall
import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.Status
import java.util.logging.Level
import java.util.logging.Logger

/**
 * A call that may be ended by others than its handler: by a fault, by the drain, by its peer.
 * Whoever is first ends it, and what comes later from anyone is passed over. A fault is told to the
 * log, and to the peer that there was one.
 */
internal class GuardedCall<Q, R>(
    call: ServerCall<Q, R>,
) : SimpleForwardingServerCall<Q, R>(call) {
    private var headersSent = false
    private var over = false

    @Synchronized
    override fun sendHeaders(headers: Metadata) {
        if (!over && !headersSent) {
            headersSent = true
            super.sendHeaders(headers)
        }
    }

    @Synchronized
    override fun sendMessage(message: R) {
        if (!over) {
            super.sendMessage(message)
        }
    }

    @Synchronized
    override fun close(
        status: Status,
        trailers: Metadata,
    ) {
        if (!over) {
            over = true
            super.close(if (isFault(status)) told(status) else status, trailers)
        }
    }

    /** Lets nothing through any more: grpc-okhttp would send it on a stream that is closed. */
    @Synchronized
    fun abandon() {
        over = true
    }

    private fun told(fault: Status): Status {
        logger.log(Level.SEVERE, "${methodDescriptor.fullMethodName} failed", fault.cause)
        return FAULT
    }

    private companion object {
        val logger: Logger = Logger.getLogger(GuardedCall::class.java.name)
        val FAULT: Status = Status.UNKNOWN.withDescription("handler failed")

        /** What Status.fromThrowable makes of an exception without a status. */
        fun isFault(status: Status) = status.code == Status.Code.UNKNOWN && status.cause != null
    }
}
