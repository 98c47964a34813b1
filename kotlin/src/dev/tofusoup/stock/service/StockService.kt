package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.Change
import dev.tofusoup.stock.store.InvalidKeyException
import dev.tofusoup.stock.store.Order
import dev.tofusoup.stock.store.Store
import dev.tofusoup.stock.store.Stores
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import tofusoup.stock.BatchItem
import tofusoup.stock.BatchSummary
import tofusoup.stock.DeleteRequest
import tofusoup.stock.Empty
import tofusoup.stock.GetRequest
import tofusoup.stock.GetResponse
import tofusoup.stock.InventoryRequest
import tofusoup.stock.InventoryStatus
import tofusoup.stock.PutRequest
import tofusoup.stock.StockGrpcKt
import tofusoup.stock.TradeFill
import tofusoup.stock.TradeOrder
import tofusoup.stock.WatchEvent
import tofusoup.stock.WatchRequest
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.TimeMark

/**
 * What Inventory says of the server beside the totals.
 *
 * @property started when it began to listen
 */
data class Description(
    val version: String,
    val started: TimeMark,
    val metadata: Map<String, String>,
)

/**
 * Serves tofusoup.stock.Stock. A call works on the store in its context, else on the default one.
 *
 * @param context what handlers run in
 */
class StockService(
    private val stores: Stores,
    private val description: Description,
    context: CoroutineContext = EmptyCoroutineContext,
) : StockGrpcKt.StockCoroutineImplBase(context) {
    override suspend fun get(request: GetRequest): GetResponse =
        answer { GetResponse.newBuilder().setValue(store().get(request.key)).build() }

    override suspend fun put(request: PutRequest): Empty {
        answer { store().put(request.key, request.value) }
        return Empty.getDefaultInstance()
    }

    override suspend fun delete(request: DeleteRequest): Empty {
        answer { store().delete(request.key) }
        return Empty.getDefaultInstance()
    }

    override suspend fun inventory(request: InventoryRequest): InventoryStatus {
        val totals = store().totals()
        return InventoryStatus
            .newBuilder()
            .setTotalItems(totals.items)
            .setTotalBytes(totals.bytes)
            .setUptimeSeconds(description.started.elapsedNow().inWholeSeconds)
            .setServerVersion(description.version)
            .putAllMetadata(description.metadata)
            .build()
    }

    /** Sends changes while the peer has room for them; whoever has seen the initial metadata misses none. */
    override fun monitor(request: WatchRequest): Flow<WatchEvent> =
        flow {
            answer {
                store().subscribe(request.keyPrefix).use { subscription ->
                    CallContext.sendHeaders()
                    for (change in subscription.changes) {
                        emit(event(change))
                    }
                }
            }
        }

    /** Stores items as they arrive; an invalid key does not stop the rest. */
    override suspend fun batch(requests: Flow<BatchItem>): BatchSummary {
        val store = store()
        val summary = BatchSummary.newBuilder()
        requests.collect { item ->
            summary.totalItems++
            try {
                store.put(item.key, item.value)
                summary.successful++
                summary.bytesWritten += item.value.size()
            } catch (_: InvalidKeyException) {
                summary.failed++
            }
        }
        return summary.build()
    }

    /** Answers each order with a fill as soon as it is read, and reads no faster than the peer does. */
    override fun trade(requests: Flow<TradeOrder>): Flow<TradeFill> {
        val store = store()
        return requests.map { order ->
            val fill = store.trade(Order(order.typeValue, order.symbol, order.quantity))
            TradeFill
                .newBuilder()
                .setSuccess(fill.success)
                .setSymbol(order.symbol)
                .setQuantityFilled(fill.quantity)
                .setMessage(fill.message)
                .setTimestamp(fill.timestamp)
                .build()
        }
    }

    private fun store(): Store = CallContext.store(stores)
}

private fun event(change: Change): WatchEvent =
    WatchEvent
        .newBuilder()
        .setType(if (change.deleted) WatchEvent.EventType.DELETE else WatchEvent.EventType.PUT)
        .setKey(change.key)
        .setValue(change.value)
        .setTimestamp(change.timestamp)
        .build()
