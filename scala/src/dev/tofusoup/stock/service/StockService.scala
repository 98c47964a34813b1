package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.Store
import dev.tofusoup.stock.store.Stores
import io.grpc.stub.ServerCallStreamObserver
import io.grpc.stub.StreamObserver
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit.NANOSECONDS
import scala.concurrent.Future
import tofusoup.stock.BatchItem
import tofusoup.stock.BatchSummary
import tofusoup.stock.DeleteRequest
import tofusoup.stock.Empty
import tofusoup.stock.GetRequest
import tofusoup.stock.GetResponse
import tofusoup.stock.InventoryRequest
import tofusoup.stock.InventoryStatus
import tofusoup.stock.PutRequest
import tofusoup.stock.StockGrpc
import tofusoup.stock.TradeFill
import tofusoup.stock.TradeOrder
import tofusoup.stock.WatchEvent
import tofusoup.stock.WatchRequest

/** What Inventory says of the server beside the totals.
  *
  * @param started
  *   when it began to listen, by the monotonic clock
  */
final case class Description(version: String, started: Long, metadata: Map[String, String])

/** Serves tofusoup.stock.Stock. A call works on the store in its context, else on the default one.
  *
  * @param executor
  *   delivers changes to subscribers
  */
final class StockService(stores: Stores, description: Description, executor: Executor) extends StockGrpc.Stock:
  override def get(request: GetRequest): Future[GetResponse] = store.get(request.key).map(GetResponse(_)).answer

  override def put(request: PutRequest): Future[Empty] =
    store.put(request.key, request.value).map(_ => Empty()).answer

  override def delete(request: DeleteRequest): Future[Empty] = store.delete(request.key).map(_ => Empty()).answer

  override def inventory(request: InventoryRequest): Future[InventoryStatus] =
    val totals = store.totals
    Future.successful:
      InventoryStatus(
        totalItems = totals.items,
        totalBytes = totals.bytes,
        uptimeSeconds = NANOSECONDS.toSeconds(System.nanoTime() - description.started),
        serverVersion = description.version,
        metadata = description.metadata
      )

  override def monitor(request: WatchRequest, observer: StreamObserver[WatchEvent]): Unit =
    Monitor(streamOf(observer), executor).start(store, request.keyPrefix)

  override def batch(observer: StreamObserver[BatchSummary]): StreamObserver[BatchItem] = Batch(store, observer)

  override def trade(observer: StreamObserver[TradeFill]): StreamObserver[TradeOrder] =
    Trade(store, streamOf(observer))

  private def store: Store = CallContext.store(stores)

  /** grpc-java's observers of servers tell whether the peer has room. */
  private def streamOf[A](observer: StreamObserver[A]): ServerCallStreamObserver[A] = observer match
    case stream: ServerCallStreamObserver[A] => stream
    case other => throw IllegalArgumentException(s"no stream of a server: $other")
