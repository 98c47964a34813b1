package dev.tofusoup.stock.store

import com.google.protobuf.ByteString
import java.util.concurrent.atomic.AtomicInteger

class StoreTest extends munit.FunSuite:
  private val value = ByteString.copyFromUtf8("value")

  private def subscribed(store: Store, prefix: String, wake: () => Unit = () => ()): Subscription =
    store.subscribe(prefix)(wake).fold(error => fail(error.message), identity)

  private def polled(subscription: Subscription): Vector[Change] =
    Iterator.continually(subscription.poll()).takeWhile(_.isDefined).flatten.toVector

  private def put(store: Store, key: String): Unit = assertEquals(store.put(key, value), Right(()))

  test("invalid keys change nothing"):
    val store = Store()
    assertEquals(store.put("", value), Left(StoreError.InvalidKey))
    assertEquals(store.get("a\u0000"), Left(StoreError.InvalidKey))
    assertEquals(store.delete("k" * 1025), Left(StoreError.InvalidKey))
    assertEquals(store.totals, Totals(0, 0))

  test("subscribers see their prefix in order"):
    val store = Store()
    put(store, "a/0")
    val woken = AtomicInteger()
    val subscription = subscribed(store, "a/", () => assert(woken.incrementAndGet() > 0))
    Seq("a/1", "b/1", "a", "a/2", "a/2").foreach(put(store, _))
    assertEquals(store.delete("a/1"), Right(()))
    subscription.close()
    subscription.close()
    put(store, "a/3")
    val seen = polled(subscription).map:
      case Change.Put(key, _, at) => (s"put ${key.text}", at.nanoseconds)
      case Change.Delete(key, at) => (s"delete ${key.text}", at.nanoseconds)
    assertEquals(seen.map(_._1), Vector("put a/1", "put a/2", "put a/2", "delete a/1"))
    assertEquals(seen.map(_._2), seen.map(_._2).sorted.distinct)
    assertEquals(woken.get, 4)
    assertEquals(store.subscribe("\u0000")(() => ()).left.toOption, Some(StoreError.InvalidKey))

  test("a slow subscriber is ended and nobody else"):
    val store = Store()
    val slow = subscribed(store, "")
    val quick = subscribed(store, "")
    for i <- 0 to Subscription.QueueSize do
      assert(!slow.overflown)
      put(store, s"key $i")
      assertEquals(polled(quick).map(_.key.text), Vector(s"key $i"))
    assert(slow.overflown)
    put(store, "later")
    assertEquals(polled(slow).map(_.key.text), Vector.tabulate(Subscription.QueueSize)(i => s"key $i"))
    assertEquals(polled(quick).map(_.key.text), Vector("later"))

  test("changes from many threads are one sequence"):
    val store = Store()
    val (threads, each) = (8, Subscription.QueueSize / 8)
    val subscription = subscribed(store, "")
    val writers = Vector.tabulate(threads): t =>
      Thread(() => (0 until each).foreach(i => put(store, s"key $t $i")))
    writers.foreach(_.start())
    writers.foreach(_.join())
    val ticks = polled(subscription).collect { case Change.Put(_, _, at) => at.nanoseconds }
    assertEquals(ticks.size, threads * each)
    assertEquals(ticks, ticks.sorted.distinct)
    assertEquals(store.totals.items, (threads * each).toLong)

  test("orders from many threads conserve positions"):
    val store = Store()
    val writers = Vector.fill(8):
      Thread(() => (1 to 100).foreach(_ => assert(store.trade(Order(Order.Kind.Buy, "acme", 1)).result.isRight)))
    writers.foreach(_.start())
    writers.foreach(_.join())
    val position = store.trade(Order(Order.Kind.Query, "acme", 0)).result.map(_.quantity)
    assertEquals(position, Right(800))

  test("stores are apart and forgettable"):
    val stores = Stores()
    val one = stores.named("one")
    put(one, "k")
    assertEquals(stores.named("two").get("k").left.map(_.message), Left("key not found: k"))
    val unnamed = stores.named("")
    stores.forget(Seq("one", "none", ""))
    assert(stores.named("one") ne one)
    assert(stores.named("") eq unnamed)
