package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.Stores
import proto.Empty
import proto.GetRequest
import proto.GetResponse
import proto.KVGrpcKt
import proto.PutRequest
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/** Serves proto.KV, the older service, over the same stores as Stock. */
class KvService(
    private val stores: Stores,
    context: CoroutineContext = EmptyCoroutineContext,
) : KVGrpcKt.KVCoroutineImplBase(context) {
    override suspend fun get(request: GetRequest): GetResponse =
        answer { GetResponse.newBuilder().setValue(CallContext.store(stores).get(request.key)).build() }

    override suspend fun put(request: PutRequest): Empty {
        answer { CallContext.store(stores).put(request.key, request.value) }
        return Empty.getDefaultInstance()
    }
}
