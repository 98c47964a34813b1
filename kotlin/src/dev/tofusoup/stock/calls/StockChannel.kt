package dev.tofusoup.stock.calls

import dev.tofusoup.stock.credentials.Credentials
import io.grpc.Channel
import io.grpc.ClientInterceptors
import io.grpc.ConnectivityState
import io.grpc.ManagedChannel
import io.grpc.okhttp.OkHttpChannelBuilder
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume
import kotlin.time.Duration.Companion.milliseconds

/**
 * Connections of its own to one endpoint. It dials nothing before the first call.
 *
 * @param scope watches the connections, until the channel is closed
 */
class StockChannel(
    scope: CoroutineScope,
    endpoint: Endpoint,
) : AutoCloseable {
    private val managed: ManagedChannel =
        OkHttpChannelBuilder
            .forAddress(endpoint.host, endpoint.port)
            .directExecutor() // nobody blocks in a callback
            .disableRetry()
            .proxyDetector { null }
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .maxInboundMessageSize(endpoint.maxReceiveBytes)
            .secure(endpoint)
            .build()

    /** What stubs are made of. */
    val channel: Channel = ClientInterceptors.intercept(managed, ReadFailures)

    init {
        scope.launch { reconnectSoon() }
    }

    /** Closes the connections once their calls have ended. */
    override fun close() {
        managed.shutdown()
    }

    private suspend fun reconnectSoon() {
        var state = managed.getState(false)
        while (state != ConnectivityState.SHUTDOWN) {
            if (state == ConnectivityState.TRANSIENT_FAILURE) {
                delay(RECONNECT)
                managed.resetConnectBackoff()
            }
            suspendCancellableCoroutine { changed -> managed.notifyWhenStateChanged(state) { changed.resume(Unit) } }
            state = managed.getState(false)
        }
    }

    private companion object {
        const val MAX_METADATA_BYTES = 16 shl 10

        /** gRPC's own first wait is 1 s: a server of a test comes up sooner. */
        val RECONNECT = 50.milliseconds

        fun OkHttpChannelBuilder.secure(endpoint: Endpoint): OkHttpChannelBuilder {
            endpoint.authority?.let { overrideAuthority(it) }
            val tls = endpoint.tls ?: return usePlaintext().socketFactory(PlainSockets)
            return sslSocketFactory(VerifyingSockets(tls))
                .hostnameVerifier { _, _ -> true } // the handshake has
                .tlsConnectionSpec(Credentials.PROTOCOLS, Credentials.CIPHERS)
        }
    }
}
