package dev.tofusoup.stock.testing

import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.directive.DirectiveInterceptor
import dev.tofusoup.stock.listener.Binding
import dev.tofusoup.stock.listener.Listener
import dev.tofusoup.stock.store.Stores
import io.grpc.Metadata
import io.grpc.Status
import io.grpc.StatusException
import io.grpc.stub.MetadataUtils
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import tofusoup.stock.session.Directive
import tofusoup.stock.session.Observed
import java.net.InetAddress
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** How long a test waits for anything. */
val PATIENCE = 20.seconds

/** The address that tests listen on. */
val LOOPBACK: InetAddress = InetAddress.getLoopbackAddress()

/** A server in conformance mode and a channel to it, in plaintext. */
class Peers : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val stores = Stores()
    private val reports = Channel<Observed>(Channel.UNLIMITED)
    private val directives = DirectiveInterceptor(scope, stores) { reports.trySend(it) }

    /** The server. */
    val listener = Listener(scope, plaintext(), stores, listOf(directives))
    private val stockChannel = StockChannel(scope, endpoint(listener.port))

    /** The channel. */
    val channel: io.grpc.Channel = stockChannel.channel

    /** Calls with some patience. */
    val calls = Calls(channel, PATIENCE)

    /** What the server has seen of a call, in the order of their ends. */
    suspend fun observed(): Observed = withTimeout(PATIENCE) { reports.receive() }

    override fun close() {
        stockChannel.close()
        runBlocking { listener.drain(Duration.ZERO) }
        scope.cancel()
    }
}

/** Any free port of the loopback. */
fun plaintext(maxReceiveBytes: Int = Binding.DEFAULT_RECEIVE_BYTES): Binding =
    Binding(LOOPBACK, 0, Binding.PLAINTEXT, null, maxReceiveBytes)

/** A port of the loopback. */
fun endpoint(port: Int): Endpoint = Endpoint(LOOPBACK.hostAddress, port, null, null, Binding.DEFAULT_RECEIVE_BYTES)

/** Gives calls a directive. */
fun directed(directive: Directive.Builder) = directed(directive.build().toByteArray())

/** Gives calls what may be no directive. */
fun directed(directive: ByteArray): io.grpc.ClientInterceptor =
    MetadataUtils.newAttachHeadersInterceptor(Metadata().apply { put(DirectiveInterceptor.KEY, directive) })

/** The status of a call that must fail. */
suspend fun failure(call: suspend () -> Unit): Status =
    try {
        call()
        throw AssertionError("the call does not fail")
    } catch (e: StatusException) {
        e.status
    }
