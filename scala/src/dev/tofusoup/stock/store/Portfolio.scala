package dev.tofusoup.stock.store

/** The positions of symbols; one that was never traded is 0. */
opaque type Portfolio = Map[Key, Int]

object Portfolio:
  val Empty: Portfolio = Map.empty

  extension (positions: Portfolio)
    /** Carries out an order, or refuses it. The order of the checks is the service's. */
    def trade(order: Order): Either[Refusal, (Portfolio, Execution)] =
      for
        symbol <- Key.from(order.symbol).left.map(_ => Refusal.InvalidSymbol)
        done <- traded(positions, symbol, order)
      yield done

  private def traded(positions: Portfolio, symbol: Key, order: Order): Either[Refusal, (Portfolio, Execution)] =
    val have = positions.getOrElse(symbol, 0)
    val want = order.quantity
    order.kind match
      case Order.Kind.Unknown(number) => Left(Refusal.UnknownKind(number))
      case Order.Kind.Query => Right((positions, Execution(have, "position")))
      case _ if want <= 0 => Left(Refusal.NotPositive)
      case Order.Kind.Buy if want > Int.MaxValue - have => Left(Refusal.PositionLimit)
      case Order.Kind.Buy => Right((positions.updated(symbol, have + want), Execution(want, "bought")))
      case Order.Kind.Sell if want > have => Left(Refusal.Insufficient(have, want))
      case Order.Kind.Sell => Right((positions.updated(symbol, have - want), Execution(want, "sold")))
