package dev.tofusoup.stock.directive

import dev.tofusoup.stock.headers.Headers
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall
import io.grpc.Metadata
import io.grpc.MethodDescriptor.MethodType
import io.grpc.ServerCall
import io.grpc.Status
import tofusoup.stock.session.Directive

/** A call that carries a directive's metadata, and fails after the messages that a Fail names. */
internal class DirectedCall<Q, R>(
    call: ServerCall<Q, R>,
    private val directive: Directive,
    private val observer: Observer,
) : SimpleForwardingServerCall<Q, R>(call) {
    private val type: MethodType get() = methodDescriptor.type
    private var headersSent = false
    private var failed = false
    private var delivered = 0
    private var counted = 0

    /** Whether the call fails instead of its handler's start. */
    val failsAtOnce: Boolean
        get() = directive.hasFail() && (type == MethodType.UNARY || directive.fail.after == 0)

    /** Whether the call has failed as the directive says. */
    val hasFailed: Boolean @Synchronized get() = failed

    @Synchronized
    override fun sendHeaders(headers: Metadata) {
        if (!headersSent) {
            headersSent = true
            headers.merge(Headers.toGrpc(directive.headers))
            super.sendHeaders(headers)
        }
    }

    @Synchronized
    override fun sendMessage(message: R) {
        if (failed) {
            return
        }
        observer.sent()
        super.sendMessage(message)
        if (!type.serverSendsOneMessage()) {
            count()
        }
    }

    @Synchronized
    override fun close(
        status: Status,
        trailers: Metadata,
    ) {
        if (!failed) {
            end(status, trailers)
        }
    }

    /** A request is on its way to the handler. */
    @Synchronized
    fun deliver() {
        delivered++
    }

    /** A handler that asks for the next request has read the one before, where requests are what counts. */
    @Synchronized
    override fun request(numMessages: Int) {
        if (type == MethodType.CLIENT_STREAMING && delivered > counted) {
            count()
        }
        super.request(numMessages)
    }

    /** Ends the call as the directive says. */
    @Synchronized
    fun fail() {
        failed = true
        val fail = directive.fail
        val trailers = Metadata()
        if (!fail.details.isEmpty) {
            trailers.put(Headers.DETAILS, fail.details.toByteArray())
        }
        end(Status.fromCodeValue(fail.code).withDescription(fail.message.ifEmpty { null }), trailers)
    }

    private fun count() {
        counted++
        if (!failed && directive.hasFail() && counted == directive.fail.after) {
            fail()
        }
    }

    private fun end(
        status: Status,
        trailers: Metadata,
    ) {
        if (directive.headers.entriesCount > 0) {
            sendHeaders(Metadata()) // gRPC sends none with an error
        }
        trailers.merge(Headers.toGrpc(directive.trailers))
        super.close(status, trailers)
    }
}
