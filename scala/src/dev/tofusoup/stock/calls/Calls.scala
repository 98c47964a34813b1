package dev.tofusoup.stock.calls

import com.google.protobuf.ByteString
import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.Status
import io.grpc.StatusException
import io.grpc.health.v1.HealthCheckRequest
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import io.grpc.health.v1.HealthGrpc
import io.grpc.stub.BlockingClientCall
import io.grpc.stub.ClientCalls
import java.util.concurrent.TimeUnit.NANOSECONDS
import proto.KVGrpc
import scala.concurrent.ExecutionContext
import scala.concurrent.Future
import scala.concurrent.blocking
import scala.concurrent.duration.FiniteDuration
import tofusoup.stock.BatchItem
import tofusoup.stock.BatchSummary
import tofusoup.stock.DeleteRequest
import tofusoup.stock.GetRequest
import tofusoup.stock.InventoryRequest
import tofusoup.stock.InventoryStatus
import tofusoup.stock.PutRequest
import tofusoup.stock.StockGrpc
import tofusoup.stock.TradeFill
import tofusoup.stock.TradeOrder
import tofusoup.stock.WatchEvent
import tofusoup.stock.WatchRequest

/** The client side of each RPC, which waits for the answer. A call that fails is a StatusException, or a
  * StatusRuntimeException.
  *
  * @param timeout
  *   of each call
  */
final class Calls(channel: Channel, timeout: Option[FiniteDuration]):
  /** The value of a key. */
  def get(key: String): ByteString = stock.get(GetRequest(key)).value

  /** Stores a value. */
  def put(key: String, value: ByteString): Unit =
    val _ = stock.put(PutRequest(key, value))

  /** Removes a key. */
  def delete(key: String): Unit =
    val _ = stock.delete(DeleteRequest(key))

  /** What the server has and is. */
  def inventory(): InventoryStatus = stock.inventory(InventoryRequest())

  /** The value of a key, by the older service. */
  def kvGet(key: String): ByteString = kv.get(proto.GetRequest(key)).value

  /** Stores a value, by the older service. */
  def kvPut(key: String, value: ByteString): Unit =
    val _ = kv.put(proto.PutRequest(key, value))

  /** The health of a service. */
  def health(service: String): ServingStatus =
    val request = HealthCheckRequest.newBuilder().setService(service).build()
    ClientCalls.blockingUnaryCall(channel, HealthGrpc.getCheckMethod, options, request).getStatus

  /** Uses the changes to the keys with a prefix as they come; the call ends with the use. */
  def monitor[A](prefix: String)(use: Iterator[WatchEvent] => A): A =
    val call = ClientCalls.blockingV2ServerStreamingCall(
      channel,
      StockGrpc.METHOD_MONITOR,
      options,
      WatchRequest(prefix)
    )
    using(call)(use(responses(call)))

  /** Stores items and tells what became of them. */
  def batch(items: Seq[BatchItem]): BatchSummary =
    val call = ClientCalls.blockingClientStreamingCall(channel, StockGrpc.METHOD_BATCH, options)
    using(call):
      send(call, items)
      val none = Status.INTERNAL.withDescription("no response").asException
      responses(call).toVector.lastOption.getOrElse(throw none)

  /** Uses the fills of orders as they come; the call ends with the use. */
  def trade[A](orders: Seq[TradeOrder])(use: Iterator[TradeFill] => A): A =
    val call = ClientCalls.blockingBidiStreamingCall(channel, StockGrpc.METHOD_TRADE, options)
    using(call):
      // Beside the fills: a server that waits for its fills to be read takes no more orders.
      val _ = Future(blocking(send(call, orders)))(using ExecutionContext.global)
      use(responses(call))

  /** Sends requests as the peer takes them. Where the call ends before, its responses tell. */
  private def send[Q](call: BlockingClientCall[Q, ?], requests: Seq[Q]): Unit =
    try if requests.forall(call.write) then call.halfClose()
    catch case _: StatusException => ()

  private def responses[R](call: BlockingClientCall[?, R]): Iterator[R] =
    Iterator.continually(Option(call.read())).takeWhile(_.isDefined).flatten

  private def using[A](call: BlockingClientCall[?, ?])(work: => A): A =
    try work
    finally call.cancel("no longer wanted", null)

  private def stock: StockGrpc.StockBlockingStub = StockGrpc.StockBlockingStub(channel, options)

  private def kv: KVGrpc.KVBlockingStub = KVGrpc.KVBlockingStub(channel, options)

  private def options: CallOptions =
    timeout.fold(CallOptions.DEFAULT)(limit => CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos, NANOSECONDS))
