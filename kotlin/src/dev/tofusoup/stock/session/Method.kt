package dev.tofusoup.stock.session

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.Metadata
import io.grpc.MethodDescriptor.MethodType
import kotlinx.coroutines.flow.Flow
import tofusoup.stock.session.Request
import tofusoup.stock.session.Request.RequestCase
import tofusoup.stock.session.Response

/** Starts a call by its generated stub as soon as the responses are collected. */
internal fun interface Caller<Q, R> {
    fun call(
        channel: Channel,
        options: CallOptions,
        requests: Flow<Q>,
        metadata: Metadata,
    ): Flow<R>
}

/**
 * One RPC by its generated stub.
 *
 * @property accepts the kind of request that it takes
 * @property unwrap unwraps one
 * @property wrap wraps a response
 */
internal class Method<Q : Any, R : Any>(
    val type: MethodType,
    val accepts: RequestCase,
    val unwrap: (Request) -> Q,
    val wrap: (Response.Builder, R) -> Response.Builder,
    val caller: Caller<Q, R>,
) {
    val isUnary: Boolean get() = type == MethodType.UNARY

    /** Whether there is a stream of requests. */
    val sends: Boolean get() = !type.clientSendsOneMessage()

    /** Whether there is a stream of responses. */
    val receives: Boolean get() = !type.serverSendsOneMessage()
}
