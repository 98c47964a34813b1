package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.Fill
import dev.tofusoup.stock.store.Order
import dev.tofusoup.stock.store.Store
import io.grpc.stub.ServerCallStreamObserver
import io.grpc.stub.StreamObserver
import tofusoup.stock.TradeFill
import tofusoup.stock.TradeOrder
import tofusoup.stock.TradeOrder.OrderType

/** One call of Trade: answers each order with a fill as soon as it is read, and reads no faster than its peer does. */
final private[service] class Trade private (store: Store, call: ServerCallStreamObserver[TradeFill])
    extends StreamObserver[TradeOrder]:
  private var waiting = false

  override def onNext(order: TradeOrder): Unit =
    call.onNext(Trade.message(order, store.trade(Trade.asked(order))))
    waiting = true
    resume()

  override def onCompleted(): Unit = call.onCompleted()

  /** What was filled stays, and nobody listens. */
  override def onError(cancelled: Throwable): Unit = ()

  private def resume(): Unit =
    if waiting && call.isReady then
      waiting = false
      call.request(1)

private[service] object Trade:
  /** Begins to read orders. */
  def apply(store: Store, call: ServerCallStreamObserver[TradeFill]): Trade =
    val trade = new Trade(store, call)
    call.disableAutoRequest()
    call.setOnReadyHandler(() => trade.resume())
    call.setOnCancelHandler(() => ()) // else a fill for a peer that has gone would be a fault
    call.request(1)
    trade

  private def asked(order: TradeOrder): Order =
    val kind = order.`type` match
      case OrderType.BUY => Order.Kind.Buy
      case OrderType.SELL => Order.Kind.Sell
      case OrderType.QUERY => Order.Kind.Query
      case OrderType.Unrecognized(number) => Order.Kind.Unknown(number)
    Order(kind, order.symbol, order.quantity)

  private def message(order: TradeOrder, fill: Fill): TradeFill =
    TradeFill(
      success = fill.result.isRight,
      symbol = order.symbol,
      quantityFilled = fill.result.fold(_ => 0, _.quantity),
      message = fill.result.fold(_.message, _.message),
      timestamp = fill.at.nanoseconds
    )
