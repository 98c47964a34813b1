package dev.tofusoup.stock.directive

import com.google.protobuf.ByteString
import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.headers.Headers
import dev.tofusoup.stock.testing.PATIENCE
import dev.tofusoup.stock.testing.Peers
import dev.tofusoup.stock.testing.directed
import dev.tofusoup.stock.testing.failure
import io.grpc.ClientInterceptors
import io.grpc.Metadata
import io.grpc.Status
import io.grpc.stub.MetadataUtils
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import tofusoup.stock.BatchItem
import tofusoup.stock.TradeOrder
import tofusoup.stock.session.Directive
import tofusoup.stock.session.Fail
import tofusoup.stock.session.Header
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

class DirectiveTest {
    private val headers = AtomicReference<Metadata>()
    private val trailers = AtomicReference<Metadata>()
    private val peers = Peers()

    @AfterEach
    fun disconnect() = peers.close()

    @Test
    fun storesAreApart() =
        runBlocking {
            val one = calls(Directive.newBuilder().setStore("one"))
            one.put("key", ByteString.EMPTY)
            assertEquals(1, one.inventory().totalItems)
            assertEquals(0, calls(Directive.newBuilder()).inventory().totalItems)
        }

    @Test
    fun metadataIsSentWithWhateverStatus() =
        runBlocking {
            val entries =
                listOf("x-a" to "31", "x-a" to "32", "x-bin" to "00ff").map { (name, hex) ->
                    Header
                        .newBuilder()
                        .setName(name)
                        .setValue(ByteString.fromHex(hex))
                        .build()
                }
            val metadata =
                tofusoup.stock.session.Metadata
                    .newBuilder()
                    .addAllEntries(entries)
            val failing = calls(failing(0).setHeaders(metadata).setTrailers(metadata))
            assertEquals(Status.Code.ABORTED, failure { failing.inventory() }.code)
            assertTrue(Headers.fromGrpc(headers.get()).entriesList.containsAll(entries))
            assertTrue(Headers.fromGrpc(trailers.get()).entriesList.containsAll(entries))
            assertEquals("details", trailers.get().get(Headers.DETAILS)?.decodeToString())
        }

    @Test
    fun failuresComeInTime() =
        runBlocking {
            assertEquals("enough", failure { calls(failing(3)).inventory() }.description)
            var fills = 0
            val trades = calls(failing(2)).trade(List(2) { TradeOrder.getDefaultInstance() }).onEach { fills++ }
            assertEquals("enough", failure { trades.collect() }.description)
            assertEquals(2, fills)
            val item = BatchItem.newBuilder().setKey("key").build()
            val batches = calls(failing(1).setStore("batch"))
            assertEquals("enough", failure { batches.batch(listOf(item, item)) }.description)
            assertEquals(1, calls(Directive.newBuilder().setStore("batch")).inventory().totalItems)
        }

    @Test
    fun whatDoesNotDecodeIsBad() =
        runBlocking {
            val noCode = failing(0).setFail(Fail.newBuilder().setCode(17)).build()
            for (bad in listOf(byteArrayOf(0x0A, -1), noCode.toByteArray())) {
                val status = failure { calls(bad, PATIENCE).inventory() }
                assertEquals(Status.Code.INVALID_ARGUMENT to "bad directive", status.code to status.description)
            }
        }

    @Test
    fun faultsTellNothing() =
        runBlocking {
            for (delay in listOf(0, 1)) {
                val throwing =
                    Directive
                        .newBuilder()
                        .setThrow(true)
                        .setTag("t")
                        .setDelayMs(delay)
                val status = failure { calls(throwing).inventory() }
                assertEquals(Status.Code.UNKNOWN to "handler failed", status.code to status.description)
                assertEquals("t", peers.observed().tag)
            }
        }

    @Test
    fun observationsTellOfTheCall() =
        runBlocking {
            calls(Directive.newBuilder().setTag("one")).inventory()
            val one = peers.observed().observation
            assertEquals(1, one.messagesRead)
            assertEquals(1, one.messagesSent)
            assertFalse(one.cancelled)
            assertTrue(one.deadlineNs > 0)
            assertTrue(one.metadata.entriesList.any { it.name == "stock-directive-bin" })
        }

    @Test
    fun aHeldCallIsLetGo() =
        runBlocking {
            val held = Directive.newBuilder().setTag("held").setDelayMs(60_000)
            failure { calls(held.build().toByteArray(), 300.milliseconds).put("key", ByteString.EMPTY) }
            val observation = peers.observed().observation
            assertTrue(observation.cancelled)
            assertEquals(0, observation.messagesSent)
            assertEquals(0, calls(Directive.newBuilder()).inventory().totalItems)
        }

    private fun calls(directive: Directive.Builder) = calls(directive.build().toByteArray(), PATIENCE)

    private fun calls(
        directive: ByteArray,
        timeout: Duration,
    ): Calls {
        val capture = MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)
        return Calls(ClientInterceptors.intercept(peers.channel, directed(directive), capture), timeout)
    }

    private fun failing(after: Int): Directive.Builder {
        val fail =
            Fail
                .newBuilder()
                .setCode(Status.Code.ABORTED.value())
                .setMessage("enough")
                .setDetails(ByteString.copyFromUtf8("details"))
                .setAfter(after)
        return Directive.newBuilder().setFail(fail)
    }
}
