package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.Stores
import proto.Empty
import proto.GetRequest
import proto.GetResponse
import proto.KVGrpc
import proto.PutRequest
import scala.concurrent.Future

/** Serves proto.KV, the older service, over the same stores as Stock. */
final class KvService(stores: Stores) extends KVGrpc.KV:
  override def get(request: GetRequest): Future[GetResponse] =
    CallContext.store(stores).get(request.key).map(GetResponse(_)).answer

  override def put(request: PutRequest): Future[Empty] =
    CallContext.store(stores).put(request.key, request.value).map(_ => Empty()).answer
