package dev.tofusoup.stock.store

/** Asks to change the position of a symbol, or what it is. */
final case class Order(kind: Order.Kind, symbol: String, quantity: Int)

object Order:
  /** The kinds of an order; the number of an unknown one is the wire's. */
  enum Kind:
    case Buy, Sell, Query
    case Unknown(number: Int)

/** Why an order is refused; the message is the caller's to read. */
enum Refusal(val message: String):
  case InvalidSymbol extends Refusal("invalid symbol")
  case UnknownKind(number: Int) extends Refusal(s"unknown order type: $number")
  case NotPositive extends Refusal("quantity must be positive")
  case PositionLimit extends Refusal("position limit")
  case Insufficient(have: Int, want: Int) extends Refusal(s"insufficient position: have $have, want $want")

/** What an order was carried out as. */
final case class Execution(quantity: Int, message: String)

/** Answers an order. */
final case class Fill(result: Either[Refusal, Execution], at: Tick)
