package dev.tofusoup.stock.store

import com.google.protobuf.ByteString

/** The pure part: no clock, no threads, no subscribers. */
class WorldTest extends munit.FunSuite:
  private val value = ByteString.copyFromUtf8("value")

  private def key(text: String): Key = Key.from(text).fold(error => fail(error.message), identity)

  for text <- Seq("a", "../x", "a//b", "*", "__proto__", " ", "é", "\ud83e\udd8a") do
    test(s"keys are opaque: $text"):
      assertEquals(World.Empty.put(key(text), value, 1)._1.shelf.get(key(text)), Right(value))

  test("keys have limits"):
    for text <- Seq("k" * 1024, "é" * 512, "\ud83e\udd8a" * 256) do
      assertEquals(Key.from(text).map(_.text), Right(text))
    for text <- Seq("", "a\u0000b", 0xd83e.toChar.toString, s"${0xdd8a.toChar}x", "k" * 1025, "é" * 513) do
      assertEquals(Key.from(text), Left(StoreError.InvalidKey))

  test("totals follow changes"):
    val (one, _) = World.Empty.put(key("a"), ByteString.copyFromUtf8("123"), 1)
    val (two, _) = one.put(key("b"), ByteString.EMPTY, 2)
    assertEquals(two.shelf.totals, Totals(2, 3))
    val (less, _) = two.put(key("a"), ByteString.copyFromUtf8("1"), 3)
    assertEquals(less.shelf.totals, Totals(2, 1))
    assertEquals(less.delete(key("a"), 4).map(_._1.shelf.totals), Right(Totals(1, 0)))

  test("missing keys are named"):
    val missing = World.Empty.delete(key("k"), 1).left.map(_.message)
    assertEquals(missing, Left("key not found: k"))

  test("the clock never stands still"):
    val query = Order(Order.Kind.Query, "x", 0)
    val (_, ticks) = Seq(100L, 100L, 90L, 300L).foldLeft((World.Empty, Vector.empty[Long])):
      case ((world, seen), clock) =>
        val (next, fill) = world.trade(query, clock)
        (next, seen :+ fill.at.nanoseconds)
    assertEquals(ticks, Vector(100L, 101L, 102L, 300L))

  test("positions and refusals"):
    import Order.Kind.*
    val most = Int.MaxValue
    val lines = Seq(
      Order(Query, "acme", 99) -> "0 position",
      Order(Buy, "acme", 5) -> "5 bought",
      Order(Sell, "acme", 6) -> "refused: insufficient position: have 5, want 6",
      Order(Sell, "acme", 2) -> "2 sold",
      Order(Query, "acme", -1) -> "3 position",
      Order(Buy, "acme", 0) -> "refused: quantity must be positive",
      Order(Sell, "acme", -1) -> "refused: quantity must be positive",
      Order(Buy, "acme", most) -> "refused: position limit",
      Order(Buy, "acme", most - 2) -> "refused: position limit",
      Order(Buy, "acme", most - 3) -> "2147483644 bought",
      Order(Sell, "acme", most) -> "2147483647 sold",
      Order(Unknown(7), "acme", 0) -> "refused: unknown order type: 7",
      Order(Unknown(-1), "acme", 1) -> "refused: unknown order type: -1",
      Order(Unknown(7), "", 1) -> "refused: invalid symbol",
      Order(Query, "a\u0000", 1) -> "refused: invalid symbol"
    )
    val last = lines.foldLeft(World.Empty):
      case (world, (order, expected)) =>
        val (next, fill) = world.trade(order, 0)
        val told =
          fill.result.fold(refusal => s"refused: ${refusal.message}", done => s"${done.quantity} ${done.message}")
        assertEquals(told, expected, order)
        assertEquals(fill.at.nanoseconds, world.last.nanoseconds + 1)
        next
    assertEquals(last.shelf.totals, Totals(0, 0))
