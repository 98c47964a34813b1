package dev.tofusoup.stock

import com.google.protobuf.ByteString
import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.options.ExitCode
import dev.tofusoup.stock.options.Item
import dev.tofusoup.stock.options.Operation
import dev.tofusoup.stock.options.OrderWord
import dev.tofusoup.stock.options.UsageError
import dev.tofusoup.stock.options.Value
import dev.tofusoup.stock.options.Word
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import java.io.InputStream
import tofusoup.stock.BatchItem
import tofusoup.stock.TradeOrder
import tofusoup.stock.TradeOrder.OrderType

/** The operations of stock_client. */
private[stock] object Operations:
  /** An operation with its arguments understood: it calls and prints, and gives the exit code. */
  type Work = (Calls, Streams) => Int

  /** Understands what an operation takes from standard input; all that is left is to call and to print. */
  def prepare(operation: Operation, input: InputStream): Either[UsageError, Work] = operation match
    case Operation.Get(key) => Right(writing(calls => value(calls.get(key))))
    case Operation.KvGet(key) => Right(writing(calls => value(calls.kvGet(key))))
    case Operation.Put(key, word) => Right(confirming(storing(word, input)(_.put(key, _))))
    case Operation.KvPut(key, word) => Right(confirming(storing(word, input)(_.kvPut(key, _))))
    case Operation.Delete(key) => Right(confirming(_.delete(key)))
    case Operation.Monitor(prefix, count) => Right(monitor(prefix, count))
    case Operation.Batch(words) => items(words, input).map(batch)
    case Operation.Trade(orders) => Right(trade(orders.map(order)))
    case Operation.Inventory => Right(printing(calls => Lines.inventory(calls.inventory())))
    case Operation.Health(service) => Right(health(service))

  private def writing(call: Calls => Array[Byte]): Work = (calls, streams) =>
    streams.write(call(calls))
    ExitCode.Ok

  private def printing(call: Calls => String): Work = (calls, streams) =>
    streams.print(call(calls))
    ExitCode.Ok

  private def confirming(call: Calls => Unit): Work = printing: calls =>
    call(calls)
    "OK\n"

  /** The value's bytes and one newline. */
  private def value(value: ByteString): Array[Byte] = value.toByteArray :+ '\n'.toByte

  private def storing(value: Value, input: InputStream)(store: (Calls, ByteString) => Unit): Calls => Unit =
    val bytes = value match
      case Value.Literal(literal) => literal
      case Value.StandardInput => ByteString.readFrom(input)
    store(_, bytes)

  private def monitor(prefix: String, count: Long): Work = (calls, streams) =>
    calls.monitor(prefix): events =>
      val wanted = if count == 0 then events else events.take(count.min(Int.MaxValue).toInt)
      wanted.foreach(event => streams.print(Lines.event(event)))
    ExitCode.Ok

  private def batch(items: Vector[Item]): Work = printing: calls =>
    Lines.summary(calls.batch(items.map(item => BatchItem(item.key, item.value))))

  private def items(words: Vector[Item], input: InputStream): Either[UsageError, Vector[Item]] =
    if words.nonEmpty then Right(words) else Operation.all(Word.lines(input.readAllBytes()))(Operation.item)

  private def trade(orders: Vector[TradeOrder]): Work = (calls, streams) =>
    calls.trade(orders)(_.foreach(fill => streams.print(Lines.fill(fill))))
    ExitCode.Ok

  private def order(word: OrderWord): TradeOrder = word match
    case OrderWord.Buy(symbol, quantity) => TradeOrder(OrderType.BUY, symbol, quantity)
    case OrderWord.Sell(symbol, quantity) => TradeOrder(OrderType.SELL, symbol, quantity)
    case OrderWord.Query(symbol) => TradeOrder(OrderType.QUERY, symbol)

  private def health(service: String): Work = (calls, streams) =>
    val status = calls.health(service)
    streams.print(s"$status\n")
    if status == ServingStatus.SERVING then ExitCode.Ok else ExitCode.NotServing
