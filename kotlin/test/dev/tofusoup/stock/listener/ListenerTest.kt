package dev.tofusoup.stock.listener

import com.google.protobuf.ByteString
import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.store.Stores
import dev.tofusoup.stock.testing.LOOPBACK
import dev.tofusoup.stock.testing.PATIENCE
import dev.tofusoup.stock.testing.Peers
import dev.tofusoup.stock.testing.TestIdentity
import dev.tofusoup.stock.testing.endpoint
import dev.tofusoup.stock.testing.failure
import dev.tofusoup.stock.testing.plaintext
import io.grpc.Status
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.IOException
import java.net.InetAddress
import java.net.Socket
import java.net.SocketException
import java.nio.file.Path
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

class ListenerTest {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    @TempDir
    lateinit var folder: Path

    @AfterEach
    fun end() = scope.cancel()

    @Test
    fun aTakenPortIsRefusedAndADrainedOneIsNot() =
        runBlocking {
            val host = ownLoopback()
            val listener = listen(Binding(host, 0, Binding.PLAINTEXT, null, LIMIT))
            val again = Binding(host, listener.port, Binding.PLAINTEXT, null, LIMIT)
            val message = assertThrows<IOException> { listen(again) }.message.orEmpty()
            assertTrue(message.startsWith("cannot bind ${host.hostAddress}:${listener.port}: "), message)
            listener.drain(Duration.ZERO)
            listen(again).drain(Duration.ZERO)
        }

    @Test
    fun theDrainEndsWhatHasNoEndAndWaitsForTheRest() =
        runBlocking {
            Peers().use { peers ->
                val seen = CompletableDeferred<Unit>()
                val monitor =
                    async {
                        failure {
                            peers.calls
                                .monitor("")
                                .onEach { seen.complete(Unit) }
                                .collect()
                        }
                    }
                // Put until the subscription is there to see it.
                while (!seen.isCompleted) {
                    peers.calls.put("key", ByteString.EMPTY)
                }
                val drain = scope.launch { peers.listener.drain(10.seconds) }
                val status = withTimeout(PATIENCE) { monitor.await() }
                assertEquals(Status.Code.UNAVAILABLE to "server shutting down", status.code to status.description)
                withTimeout(5.seconds) { drain.join() }
            }
        }

    @Test
    fun peersThatDoNothingHoldNothing() =
        runBlocking {
            val listener = listen(plaintext())
            Socket(LOOPBACK, listener.port).use { half ->
                withTimeout(5.seconds) { listener.drain(30.seconds) }
                awaitEnd(half)
            }
        }

    @Test
    fun messagesAndMetadataHaveALimit() =
        runBlocking {
            val listener = listen(plaintext(LIMIT))
            StockChannel(scope, endpoint(listener.port)).use { channel ->
                val calls = Calls(channel.channel, PATIENCE)
                calls.put("key", ByteString.copyFrom(ByteArray(LIMIT - 100)))
                val status = failure { calls.put("key", ByteString.copyFrom(ByteArray(LIMIT + 1))) }
                assertEquals(Status.Code.RESOURCE_EXHAUSTED, status.code)
            }
            listener.drain(Duration.ZERO)
        }

    @ParameterizedTest
    @ValueSource(booleans = [false, true])
    fun tlsVerifiesBothEnds(isMutual: Boolean) =
        runBlocking {
            val own = TestIdentity.mint(folder)
            val other = TestIdentity.mint(folder)
            val identity = Identity.parse(own.chain, own.key)
            val tls = Credentials.server(identity, if (isMutual) identity.chain else null)
            val binding = Binding(LOOPBACK, 0, if (isMutual) "mtls" else "tls", tls, LIMIT)
            val listener = listen(binding)
            val offered = if (isMutual) identity else null
            assertEquals(binding.security, calls(listener, own, offered).inventory().metadataMap["security"])
            assertEquals(Status.Code.UNAVAILABLE, failure { calls(listener, other, offered).inventory() }.code)
            if (isMutual) {
                assertEquals(Status.Code.UNAVAILABLE, failure { calls(listener, own, null).inventory() }.code)
            }
            listener.drain(Duration.ZERO)
        }

    @Test
    fun aSubjectIsNoNameOfAServer() =
        runBlocking {
            val own = TestIdentity.mintWithoutNames(folder)
            val tls = Credentials.server(Identity.parse(own.chain, own.key), null)
            val listener = listen(Binding(LOOPBACK, 0, "tls", tls, LIMIT))
            assertEquals(Status.Code.UNAVAILABLE, failure { calls(listener, own, null).inventory() }.code)
            listener.drain(Duration.ZERO)
        }

    private fun listen(binding: Binding) = Listener(scope, binding, Stores(), emptyList())

    private fun calls(
        listener: Listener,
        roots: TestIdentity,
        identity: Identity?,
    ): Calls {
        val tls = Credentials.client(Pem.roots(roots.chain), identity)
        val endpoint = Endpoint(LOOPBACK.hostAddress, listener.port, tls, "localhost", Binding.DEFAULT_RECEIVE_BYTES)
        return Calls(StockChannel(scope, endpoint).channel, PATIENCE)
    }

    private companion object {
        const val LIMIT = 1000

        /** A loopback address of the test's own: no other program gets a port there that it gave up. */
        fun ownLoopback(): InetAddress {
            val address = Random.nextBytes(4)
            address[0] = 127
            address[3] = 77
            return InetAddress.getByAddress(address)
        }

        /** Waits for the end of a connection: a reset where the server has not read all. */
        fun awaitEnd(connection: Socket) {
            try {
                connection.getInputStream().readAllBytes()
            } catch (e: SocketException) {
                assertEquals("Connection reset", e.message)
            }
        }
    }
}
