package dev.tofusoup.stock.store

import com.google.protobuf.ByteString

/** All that a store holds at one moment. What may change it gives the world after it, and is given what the clock says.
  */
final case class World(shelf: Shelf, portfolio: Portfolio, last: Tick):
  def put(key: Key, value: ByteString, clock: Long): (World, Change) =
    val at = last.next(clock)
    (copy(shelf = shelf.put(key, value), last = at), Change.Put(key, value, at))

  def delete(key: Key, clock: Long): Either[StoreError, (World, Change)] =
    val at = last.next(clock)
    shelf.delete(key).map(left => (copy(shelf = left, last = at), Change.Delete(key, at)))

  /** Every fill takes a tick, that of a refused order too. */
  def trade(order: Order, clock: Long): (World, Fill) =
    val at = last.next(clock)
    portfolio.trade(order) match
      case Right((after, execution)) => (copy(portfolio = after, last = at), Fill(Right(execution), at))
      case Left(refusal) => (copy(last = at), Fill(Left(refusal), at))

object World:
  val Empty: World = World(Shelf.Empty, Portfolio.Empty, Tick.Zero)
