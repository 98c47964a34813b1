package dev.tofusoup.stock.session

import com.google.protobuf.ByteString
import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.CredentialsException
import dev.tofusoup.stock.credentials.Ephemeral
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.directive.DirectiveInterceptor
import dev.tofusoup.stock.directive.Report
import dev.tofusoup.stock.listener.Binding
import dev.tofusoup.stock.listener.Listener
import dev.tofusoup.stock.store.Stores
import io.grpc.StatusException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import tofusoup.stock.TradeOrder
import java.io.IOException
import java.net.InetAddress
import java.security.GeneralSecurityException
import java.util.logging.Level
import java.util.logging.Logger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Has the machine load and compile what calls take, by calls to a listener of its own over mutual
 * TLS. Else the first calls of a session would wait for that, which takes seconds where many
 * programs start at once: longer than a deadline may allow. It begins as soon as it is made.
 */
class Warmup(
    scope: CoroutineScope,
) {
    private val job = scope.launch { run() }

    /** Waits until everything is warm, or has taken too long. */
    suspend fun await() {
        withTimeoutOrNull(PATIENCE) { job.join() }
    }

    companion object {
        private val logger = Logger.getLogger(Warmup::class.java.name)
        private val CALL = 10.seconds

        /** After this a listener or a channel does without: a runner waits too. */
        private val PATIENCE = 3.seconds

        /** Enough for the compiler to begin. */
        private const val CALLS = 20

        /** Warms up. */
        suspend fun run() {
            try {
                coroutineScope { call(Ephemeral.mint()) }
            } catch (e: CredentialsException) {
                told(e)
            } catch (e: GeneralSecurityException) {
                told(e)
            } catch (e: IOException) {
                told(e)
            } catch (e: StatusException) {
                told(e)
            }
        }

        /** Whatever is wrong will show. */
        private fun told(error: Exception) = logger.log(Level.WARNING, "the machine is not warm", error)

        private suspend fun CoroutineScope.call(identity: Identity) {
            val loopback = InetAddress.getLoopbackAddress()
            val limit = Binding.DEFAULT_RECEIVE_BYTES
            val stores = Stores()
            val binding = Binding(loopback, 0, "mtls", Credentials.server(identity, identity.chain), limit)
            val listener = Listener(this, binding, stores, listOf(DirectiveInterceptor(this, stores, Report.NOBODY)))
            val tls = Credentials.client(identity.chain, identity)
            val endpoint = Endpoint(loopback.hostAddress, listener.port, tls, "localhost", limit)
            try {
                StockChannel(this, endpoint).use { call(Calls(it.channel, CALL)) }
            } finally {
                listener.drain(Duration.ZERO)
            }
        }

        private suspend fun call(calls: Calls) {
            repeat(CALLS) { calls.put("key", ByteString.EMPTY) }
            calls.get("key")
            calls.inventory()
            calls.batch(emptyList())
            val order =
                TradeOrder
                    .newBuilder()
                    .setSymbol("symbol")
                    .setQuantity(1)
                    .build()
            calls.trade(listOf(order)).first()
        }
    }
}
