package dev.tofusoup.stock.directive

import com.google.protobuf.InvalidProtocolBufferException
import dev.tofusoup.stock.service.CallContext
import dev.tofusoup.stock.store.Stores
import io.grpc.Context
import io.grpc.Contexts
import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.ServerCallHandler
import io.grpc.ServerInterceptor
import io.grpc.Status
import kotlinx.coroutines.CoroutineScope
import tofusoup.stock.session.Directive
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * Conformance mode: does to a call what the directive in its metadata says, without the handlers
 * knowing.
 *
 * @param scope has the delays of calls
 * @param report is told when a call with a tag has ended
 */
class DirectiveInterceptor(
    private val scope: CoroutineScope,
    private val stores: Stores,
    private val report: Report,
) : ServerInterceptor {
    override fun <Q, R> interceptCall(
        call: ServerCall<Q, R>,
        headers: Metadata,
        next: ServerCallHandler<Q, R>,
    ): ServerCall.Listener<Q> {
        val value = headers.get(KEY) ?: return next.startCall(call, headers)
        val directive =
            try {
                decode(value)
            } catch (_: InvalidProtocolBufferException) {
                call.close(BAD_DIRECTIVE, Metadata())
                return ignorant()
            }
        val observer = Observer.of(directive.tag, call, headers, report)
        val directed = DirectedCall(call, directive, observer)
        return DirectedListener(directed, observer, start(directed, directive, headers, next))
    }

    /** Starts the handler after what the directive asks for before it. */
    private fun <Q, R> start(
        call: DirectedCall<Q, R>,
        directive: Directive,
        headers: Metadata,
        next: ServerCallHandler<Q, R>,
    ): ServerCall.Listener<Q> {
        if (directive.compress) {
            call.setCompression("gzip")
        }
        if (directive.headersFirst) {
            call.sendHeaders(Metadata())
        }
        val sendHeaders = { call.sendHeaders(Metadata()) }
        val context =
            Context.current().withValues(
                CallContext.STORE,
                stores.named(directive.store),
                CallContext.SEND_HEADERS,
                sendHeaders,
            )
        val handle = { handler(call, directive) ?: Contexts.interceptCall(context, call, headers, next) }
        val delay = Integer.toUnsignedLong(directive.delayMs).milliseconds
        return if (delay == Duration.ZERO) handle() else LateListener(scope, delay, call, handle)
    }

    /** What hears the call's events instead of the handler, if the directive has it so. */
    private fun <Q, R> handler(
        call: DirectedCall<Q, R>,
        directive: Directive,
    ): ServerCall.Listener<Q>? =
        when {
            directive.getThrow() -> {
                ThrowingListener()
            }

            call.failsAtOnce -> {
                call.fail()
                ignorant()
            }

            else -> {
                null
            }
        }

    companion object {
        /** The metadata that carries a directive. */
        val KEY: Metadata.Key<ByteArray> = Metadata.Key.of("stock-directive-bin", Metadata.BINARY_BYTE_MARSHALLER)

        private val BAD_DIRECTIVE: Status = Status.INVALID_ARGUMENT.withDescription("bad directive")

        private val FAILURES = 1..16

        /** A listener for a call that no handler will see. */
        private fun <Q> ignorant(): ServerCall.Listener<Q> = object : ServerCall.Listener<Q>() {}

        private fun decode(value: ByteArray): Directive {
            val directive = Directive.parseFrom(value)
            if (directive.hasFail() && directive.fail.code !in FAILURES) {
                throw InvalidProtocolBufferException("fail.code: ${directive.fail.code}")
            }
            return directive
        }
    }
}
