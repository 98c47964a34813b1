package dev.tofusoup.stock.store

/** A reading of a store's clock in Unix nanoseconds, later than every one before it. */
opaque type Tick = Long

object Tick:
  val Zero: Tick = 0

  extension (tick: Tick)
    def nanoseconds: Long = tick

    /** The next one, by a clock that may stand still or run backwards. */
    def next(clock: Long): Tick = clock.max(tick + 1)
