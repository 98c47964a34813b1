package dev.tofusoup.stock.service

import com.google.protobuf.ByteString
import dev.tofusoup.stock.About
import dev.tofusoup.stock.testing.Peers
import dev.tofusoup.stock.testing.failure
import io.grpc.Status
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import tofusoup.stock.BatchItem
import tofusoup.stock.BatchSummary
import tofusoup.stock.TradeOrder

class ServiceTest {
    private val peers = Peers()
    private val calls = peers.calls

    @AfterEach
    fun disconnect() = peers.close()

    @Test
    fun keysAndValues() =
        runBlocking {
            calls.put("key", VALUE)
            assertEquals(VALUE, calls.get("key"))
            assertEquals(VALUE, calls.kvGet("key"))
            calls.kvPut("key", ByteString.EMPTY)
            assertEquals(ByteString.EMPTY, calls.get("key"))
            calls.delete("key")
            fails(Status.NOT_FOUND, "key not found: key") { calls.get("key") }
            fails(Status.NOT_FOUND, "key not found: key") { calls.kvGet("key") }
            fails(Status.NOT_FOUND, "key not found: key") { calls.delete("key") }
            val invalid = "invalid key: 1 to 1024 bytes of UTF-8 without NUL"
            fails(Status.INVALID_ARGUMENT, invalid) { calls.put("", VALUE) }
            fails(Status.INVALID_ARGUMENT, invalid) { calls.monitor("\u0000").collect() }
        }

    @Test
    fun inventoryTellsOfTheServer() =
        runBlocking {
            calls.put("key", VALUE)
            val status = calls.inventory()
            assertEquals(1, status.totalItems)
            assertEquals(VALUE.size().toLong(), status.totalBytes)
            assertEquals(About.VERSION, status.serverVersion)
            assertEquals("kotlin", status.metadataMap["language"])
            assertEquals("plaintext", status.metadataMap["security"])
            assertEquals(ServingStatus.SERVING, calls.health("proto.KV"))
        }

    @Test
    fun batchesCount() =
        runBlocking {
            val named = BatchItem.newBuilder().setKey("a").setValue(VALUE)
            val nameless = BatchItem.newBuilder().setValue(VALUE)
            val expected =
                BatchSummary
                    .newBuilder()
                    .setTotalItems(2)
                    .setSuccessful(1)
                    .setFailed(1)
                    .setBytesWritten(VALUE.size().toLong())
            assertEquals(expected.build(), calls.batch(listOf(named.build(), nameless.build())))
            assertEquals(BatchSummary.getDefaultInstance(), calls.batch(emptyList()))
        }

    @Test
    fun monitorsSeeWhatComesAfterThem() =
        runBlocking {
            // Put until the subscription is there to see it.
            val puts = launch { repeat(1000) { calls.put("$it", VALUE) } }
            val (first, second) = calls.monitor("").take(2).toList()
            puts.cancelAndJoin()
            assertEquals("${first.key.toInt() + 1}", second.key)
            assertTrue(first.timestamp > 0)
        }

    @Test
    fun tradesAnswerEachOrder() =
        runBlocking {
            val buy = TradeOrder.newBuilder().setSymbol("acme").setQuantity(1)
            val fills = calls.trade(List(500) { buy.build() }).toList()
            assertEquals(500, fills.count { it.success && it.quantityFilled == 1 })
            val unknown = TradeOrder.newBuilder().setTypeValue(9).setSymbol("acme")
            assertEquals("unknown order type: 9", calls.trade(listOf(unknown.build())).first().message)
            val query = TradeOrder.newBuilder().setType(TradeOrder.OrderType.QUERY).setSymbol("acme")
            assertEquals(500, calls.trade(listOf(query.build())).first().quantityFilled)
        }

    private suspend fun fails(
        expected: Status,
        message: String,
        call: suspend () -> Unit,
    ) {
        val status = failure(call)
        assertEquals(expected.code to message, status.code to status.description)
    }

    private companion object {
        val VALUE: ByteString = ByteString.copyFromUtf8("value")
    }
}
