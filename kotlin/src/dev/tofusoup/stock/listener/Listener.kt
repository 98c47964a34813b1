package dev.tofusoup.stock.listener

import com.google.common.net.InetAddresses
import dev.tofusoup.stock.About
import dev.tofusoup.stock.service.Description
import dev.tofusoup.stock.service.KvService
import dev.tofusoup.stock.service.StockService
import dev.tofusoup.stock.store.Stores
import io.grpc.BindableService
import io.grpc.Codec
import io.grpc.DecompressorRegistry
import io.grpc.InsecureServerCredentials
import io.grpc.Server
import io.grpc.ServerInterceptor
import io.grpc.ServerInterceptors
import io.grpc.ServerServiceDefinition
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import io.grpc.okhttp.OkHttpServerBuilder
import io.grpc.okhttp.SslSocketFactoryServerCredentials
import io.grpc.protobuf.services.HealthStatusManager
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.cancel
import kotlinx.coroutines.job
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withTimeoutOrNull
import proto.KVGrpc
import tofusoup.stock.StockGrpc
import java.io.IOException
import java.net.Inet6Address
import java.net.InetSocketAddress
import java.util.concurrent.TimeUnit.NANOSECONDS
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/**
 * A socket with every service behind it, from the bind to the end of its drain. It binds and serves
 * once it is made; whoever made it drains it.
 *
 * @param scope has the handlers' coroutines
 * @param directives obey the directives of calls; empty where those are ignored
 * @throws IOException where it cannot bind; the message is one line
 */
class Listener(
    scope: CoroutineScope,
    private val binding: Binding,
    stores: Stores,
    private val directives: List<ServerInterceptor>,
) {
    private val handlers = CoroutineScope(scope.coroutineContext + SupervisorJob(scope.coroutineContext.job))
    private val health = HealthStatusManager()
    private val calls = Calls(binding.maxReceiveBytes)
    private val server: Server = start(services(stores))

    /** The port bound. */
    val port: Int get() = server.port

    /** The address and port bound, as a literal. */
    val endpoint: String get() = text(InetSocketAddress(binding.address, port))

    /**
     * Refuses new connections, ends the streams that have no end of their own and lets the other
     * calls go on within the grace; then it aborts them. Returns when no call is left and the port
     * is free, and at most [ABORT_TIMEOUT] after the grace, whatever the peers do.
     */
    suspend fun drain(grace: Duration) {
        health.enterTerminalState()
        server.shutdown()
        calls.drain()
        withTimeoutOrNull(grace) {
            do {
                calls.awaitNone()
            } while (!terminates(FAREWELL) && calls.size > 0)
        }
        server.shutdownNow()
        withTimeoutOrNull(ABORT_TIMEOUT) {
            terminates(ABORT_TIMEOUT)
            calls.awaitNone()
        }
        handlers.cancel()
    }

    private suspend fun terminates(within: Duration): Boolean =
        runInterruptible(Dispatchers.IO) { server.awaitTermination(within.inWholeNanoseconds, NANOSECONDS) }

    private fun start(services: List<ServerServiceDefinition>): Server {
        val endpoint = InetSocketAddress(binding.address, binding.port)
        val credentials =
            binding.tls?.let { SslSocketFactoryServerCredentials.create(TlsSockets(it, handlers)) }
                ?: InsecureServerCredentials.create()
        val server =
            OkHttpServerBuilder
                .forPort(endpoint, credentials)
                .executor(Dispatchers.Default.asExecutor())
                .decompressorRegistry(DECOMPRESSORS)
                .maxConcurrentCallsPerConnection(MAX_STREAMS)
                // Over its own limits grpc-okhttp gives no status of gRPC: it gets greater ones, and Calls holds to ours.
                .maxInboundMetadataSize(2 * Calls.MAX_METADATA_BYTES)
                .maxInboundMessageSize(
                    maxOf(LEAST_LIBRARY_LIMIT, 2L * binding.maxReceiveBytes).coerceAtMost(Int.MAX_VALUE.toLong()).toInt(),
                ).addServices(services)
                .build()
        try {
            return server.start()
        } catch (e: IOException) {
            handlers.cancel()
            throw IOException("cannot bind ${text(endpoint)}: ${rootMessage(e)}", e)
        }
    }

    private fun services(stores: Stores): List<ServerServiceDefinition> {
        val metadata =
            mapOf(
                "language" to About.LANGUAGE,
                "runtime" to About.RUNTIME,
                "library" to About.LIBRARY,
                "transport" to About.TRANSPORT,
                "tls_stack" to About.TLS_STACK,
                "security" to binding.security,
            )
        for (name in listOf("", StockGrpc.SERVICE_NAME, KVGrpc.SERVICE_NAME)) {
            health.setStatus(name, ServingStatus.SERVING)
        }
        val context = handlers.coroutineContext
        val description = Description(About.VERSION, TimeSource.Monotonic.markNow(), metadata)
        val services = listOf(StockService(stores, description, context), KvService(stores, context), health.healthService)
        return (services + reflectionServices(services)).map(::guarded)
    }

    /**
     * Has requests decoded within the guard: gRPC itself would answer what does not decode with
     * UNKNOWN.
     */
    private fun guarded(service: BindableService): ServerServiceDefinition {
        val decodedLate = ServerInterceptors.useInputStreamMessages(service.bindService())
        return ServerInterceptors.intercept(decodedLate, listOf(EndedCalls) + directives + calls)
    }

    companion object {
        /** How long the ends of aborted calls may take: their handlers have been cancelled. */
        val ABORT_TIMEOUT = 500.milliseconds

        /** How long peers without a call may take to acknowledge the GOAWAY. */
        private val FAREWELL = 200.milliseconds

        private const val MAX_STREAMS = 100
        private const val LEAST_LIBRARY_LIMIT = 64L shl 20

        private val DECOMPRESSORS: DecompressorRegistry =
            DecompressorRegistry.emptyInstance().with(Gzip, true).with(Codec.Identity.NONE, false)
    }
}

private fun text(endpoint: InetSocketAddress): String {
    val host = InetAddresses.toAddrString(endpoint.address)
    return "${if (endpoint.address is Inet6Address) "[$host]" else host}:${endpoint.port}"
}

private fun rootMessage(error: Throwable): String? = generateSequence(error) { it.cause }.last().message
