package dev.tofusoup.stock.session

import com.google.protobuf.ByteString
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import tofusoup.stock.GetRequest
import tofusoup.stock.PutRequest
import tofusoup.stock.TradeOrder
import tofusoup.stock.WatchRequest
import tofusoup.stock.session.Cancel
import tofusoup.stock.session.CloseChannel
import tofusoup.stock.session.Forget
import tofusoup.stock.session.HalfClose
import tofusoup.stock.session.Listen
import tofusoup.stock.session.OpenChannel
import tofusoup.stock.session.Receive
import tofusoup.stock.session.Request
import tofusoup.stock.session.Rpc
import tofusoup.stock.session.Security
import tofusoup.stock.session.Send
import tofusoup.stock.session.Start
import tofusoup.stock.session.Stop
import java.io.ByteArrayOutputStream
import kotlin.time.Duration

class SessionTest {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val server = Runner(scope)
    private val client = Runner(scope)

    @BeforeEach
    fun connect() =
        runBlocking {
            val serving = ServerSession(scope, server.output)
            scope.launch {
                serving.run(server.input)
                serving.end(Duration.ZERO)
            }
            val calling = ClientSession(scope, client.output)
            scope.launch {
                calling.run(client.input)
                calling.end()
            }
            assertEquals("kotlin", server.event().hello.language)
            assertEquals(1, client.event().hello.protocol)
            server.command { setListen(listen(1)) }
            val port = server.event().listening.port
            val channel =
                OpenChannel
                    .newBuilder()
                    .setChannel(1)
                    .setHost(HOST)
                    .setPort(port)
            client.command { setOpenChannel(channel.setSecurity(Security.SECURITY_PLAINTEXT)) }
            Unit
        }

    @AfterEach
    fun disconnect() {
        client.close()
        server.close()
        scope.cancel()
    }

    @Test
    fun aUnaryCallIsOneFrame() =
        runBlocking {
            client.start(start(Rpc.RPC_PUT, put("key")))
            val put = client.event().events
            assertTrue(put.hasStatus() && put.hasHeaders() && put.getResponses(0).hasPut())
            val missing = client.result(client.start(start(Rpc.RPC_GET, get("other"))))
            assertEquals(5, missing.status.code)
            assertEquals("key not found: other", missing.status.message)
            assertFalse(missing.hasHeaders())
            assertEquals(12, client.result(client.start(start(Rpc.RPC_ABSENT_GET, get("key")))).status.code)
        }

    @Test
    fun headersOfAStreamComeAtOnceAndCreditIsKept() =
        runBlocking {
            val all = Request.newBuilder().setMonitor(WatchRequest.getDefaultInstance())
            val monitor = client.start(start(Rpc.RPC_MONITOR, all).setCredit(1))
            val headers = client.event().events
            assertTrue(headers.hasHeaders() && headers.responsesCount == 0)
            var seen = 0
            for (key in listOf("a", "b", "c")) {
                val call = client.start(start(Rpc.RPC_PUT, put(key)))
                var events = client.event().events
                while (events.call != call) {
                    seen += events.responsesCount
                    events = client.event().events
                }
            }
            assertTrue(seen <= 1, "more than the credit: $seen")
            client.command { setReceive(Receive.newBuilder().setCall(monitor)) }
            while (seen < 3) {
                seen += client.event().events.responsesCount
            }
            client.command { setCancel(Cancel.newBuilder().setCall(monitor)) }
            assertEquals(1, client.result(monitor).status.code)
        }

    @Test
    fun tradesAnswerBeforeTheHalfClose() =
        runBlocking {
            val trade = client.start(start(Rpc.RPC_TRADE, buy()))
            var seen = 0
            while (seen == 0) {
                seen += client.event().events.responsesCount
            }
            client.command { setSend(Send.newBuilder().setCall(trade).addRequests(buy())) }
            assertEquals(1, client.event().events.responsesCount)
            client.command { setHalfClose(HalfClose.newBuilder().setCall(trade)) }
            assertEquals(0, client.result(trade).status.code)
            // It has ended: ignored.
            client.command { setHalfClose(HalfClose.newBuilder().setCall(trade)) }
            client.command { setCancel(Cancel.newBuilder().setCall(trade + 1)) }
            assertTrue("never was one" in client.failure().reason)
        }

    @Test
    fun aClosedChannelCancelsItsCalls() =
        runBlocking {
            val trade = client.start(start(Rpc.RPC_TRADE))
            client.command { setCloseChannel(CloseChannel.newBuilder().setChannel(1)) }
            assertEquals(1, client.result(trade).status.code)
            client.start(start(Rpc.RPC_GET, get("key")))
            assertEquals("channel: 1 given, which is not open", client.failure().reason)
        }

    @Test
    fun withoutAServerRequestsAreUnsent() =
        runBlocking {
            server.command { setStop(Stop.newBuilder().setListener(1)) }
            assertEquals(1, server.event().stopped.listener)
            val status = client.result(client.start(start(Rpc.RPC_TRADE, buy()))).status
            assertEquals(14, status.code)
            assertEquals(1, status.unsent)
        }

    @Test
    fun whatCannotBeObeyedChangesNothing() =
        runBlocking {
            val refused =
                listOf(
                    start(Rpc.RPC_KV_PUT, put("key")),
                    start(Rpc.RPC_PUT),
                    start(Rpc.RPC_PUT, put("a"), put("b")),
                    start(Rpc.RPC_UNSPECIFIED),
                    start(Rpc.RPC_TRADE).setTimeoutNs(-1),
                    start(Rpc.RPC_TRADE, Request.newBuilder()),
                )
            for (each in refused) {
                client.start(each)
                assertFalse(client.failure().reason.isEmpty())
            }
            val id = client.command { setForget(Forget.getDefaultInstance()) }
            assertEquals(id, client.failure().id)
            val listens =
                listOf(
                    listen(1),
                    listen(2).setHost("localhost"),
                    listen(2).setHost("0.0.0.0"),
                    listen(2).setPort(65_536),
                    listen(2).setSecurity(Security.SECURITY_UNSPECIFIED),
                    listen(2).setSecurity(Security.SECURITY_TLS),
                )
            for (each in listens) {
                server.command { setListen(each) }
                assertFalse(server.failure().reason.isEmpty())
            }
        }

    @Test
    fun framesThatAreNone() {
        assertNull(Frames.read(byteArrayOf().inputStream()))
        for (input in listOf(byteArrayOf(0, 0), byteArrayOf(0, 0, 0, 5, 1), byteArrayOf(1, 0, 0, 1), byteArrayOf(0, 0, 0, 1, 1))) {
            assertThrows<FrameException> { Frames.read(input.inputStream()) }
        }
        val output = ByteArrayOutputStream()
        val large = PutRequest.newBuilder().setValue(ByteString.copyFrom(ByteArray(Frames.MAX_BYTES)))
        assertFalse(Frames.write(large.build(), output))
        assertEquals(0, output.size())
    }

    private companion object {
        const val HOST = "127.0.0.1"

        fun listen(number: Int): Listen.Builder =
            Listen
                .newBuilder()
                .setListener(number)
                .setHost(HOST)
                .setSecurity(Security.SECURITY_PLAINTEXT)

        fun start(
            rpc: Rpc,
            vararg requests: Request.Builder,
        ): Start.Builder = Start.newBuilder().setRpc(rpc).apply { requests.forEach { addRequests(it) } }

        fun get(key: String): Request.Builder = Request.newBuilder().setGet(GetRequest.newBuilder().setKey(key))

        fun put(key: String): Request.Builder =
            Request.newBuilder().setPut(PutRequest.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8("value")))

        fun buy(): Request.Builder = Request.newBuilder().setTrade(TradeOrder.newBuilder().setSymbol("acme").setQuantity(1))
    }
}
