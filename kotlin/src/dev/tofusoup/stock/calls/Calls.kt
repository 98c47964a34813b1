package dev.tofusoup.stock.calls

import com.google.protobuf.ByteString
import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.health.v1.HealthCheckRequest
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import io.grpc.health.v1.HealthGrpc
import io.grpc.kotlin.ClientCalls
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import proto.KVGrpcKt.KVCoroutineStub
import tofusoup.stock.BatchItem
import tofusoup.stock.BatchSummary
import tofusoup.stock.DeleteRequest
import tofusoup.stock.GetRequest
import tofusoup.stock.InventoryRequest
import tofusoup.stock.InventoryStatus
import tofusoup.stock.PutRequest
import tofusoup.stock.StockGrpcKt.StockCoroutineStub
import tofusoup.stock.TradeFill
import tofusoup.stock.TradeOrder
import tofusoup.stock.WatchEvent
import tofusoup.stock.WatchRequest
import java.util.concurrent.TimeUnit.NANOSECONDS
import kotlin.time.Duration

/**
 * The client side of each RPC. A call that fails is an [io.grpc.StatusException].
 *
 * @param timeout of each call; zero: none
 */
class Calls(
    private val channel: Channel,
    private val timeout: Duration,
) {
    private val options: CallOptions
        get() =
            if (timeout == Duration.ZERO) {
                CallOptions.DEFAULT
            } else {
                CallOptions.DEFAULT.withDeadlineAfter(timeout.inWholeNanoseconds, NANOSECONDS)
            }
    private val stock: StockCoroutineStub get() = StockCoroutineStub(channel, options)
    private val kv: KVCoroutineStub get() = KVCoroutineStub(channel, options)

    /** The value of a key. */
    suspend fun get(key: String): ByteString = stock.get(GetRequest.newBuilder().setKey(key).build()).value

    /** Stores a value. */
    suspend fun put(
        key: String,
        value: ByteString,
    ) {
        stock.put(
            PutRequest
                .newBuilder()
                .setKey(key)
                .setValue(value)
                .build(),
        )
    }

    /** Removes a key. */
    suspend fun delete(key: String) {
        stock.delete(DeleteRequest.newBuilder().setKey(key).build())
    }

    /** What the server has and is. */
    suspend fun inventory(): InventoryStatus = stock.inventory(InventoryRequest.getDefaultInstance())

    /** The changes to the keys with a prefix, for as long as they are collected. */
    fun monitor(prefix: String): Flow<WatchEvent> = stock.monitor(WatchRequest.newBuilder().setKeyPrefix(prefix).build())

    /** The fills of orders. */
    fun trade(orders: List<TradeOrder>): Flow<TradeFill> = stock.trade(orders.asFlow())

    /** Stores items and tells what became of them. */
    suspend fun batch(items: List<BatchItem>): BatchSummary = stock.batch(items.asFlow())

    /** The value of a key, by the older service. */
    suspend fun kvGet(key: String): ByteString =
        kv
            .get(
                proto.GetRequest
                    .newBuilder()
                    .setKey(key)
                    .build(),
            ).value

    /** Stores a value, by the older service. */
    suspend fun kvPut(
        key: String,
        value: ByteString,
    ) {
        kv.put(
            proto.PutRequest
                .newBuilder()
                .setKey(key)
                .setValue(value)
                .build(),
        )
    }

    /** The health of a service. */
    suspend fun health(service: String): ServingStatus {
        val request = HealthCheckRequest.newBuilder().setService(service).build()
        return ClientCalls.unaryRpc(channel, HealthGrpc.getCheckMethod(), request, options).status
    }
}
