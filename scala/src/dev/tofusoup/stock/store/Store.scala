package dev.tofusoup.stock.store

import com.google.protobuf.ByteString
import java.time.Instant
import java.util.concurrent.TimeUnit.SECONDS

/** One world of keys and positions as it changes, and who is told of that. It applies one change at a time. Its methods
  * may be called from any thread and never wait for a subscriber.
  *
  * @param clock
  *   tells Unix nanoseconds; it may stand still or run backwards
  */
final class Store(clock: () => Long = () => Store.unixNanoseconds()):
  // Written with this locked; an old one may be read.
  @volatile private var world = World.Empty
  private var subscriptions = Vector.empty[Subscription]

  /** The value of a key. */
  def get(key: String): Either[StoreError, ByteString] = Key.from(key).flatMap(world.shelf.get)

  /** Stores a value and publishes the change. */
  def put(key: String, value: ByteString): Either[StoreError, Unit] =
    Key.from(key).map(valid => synchronized(commit(world.put(valid, value, clock()))))

  /** Removes a key and publishes the change. */
  def delete(key: String): Either[StoreError, Unit] =
    Key.from(key).flatMap(valid => synchronized(world.delete(valid, clock()).map(commit)))

  /** The number of keys and the bytes of their values. */
  def totals: Totals = world.shelf.totals

  /** Carries out one order, or refuses it, atomically. It publishes nothing. */
  def trade(order: Order): Fill = synchronized:
    val (next, fill) = world.trade(order, clock())
    world = next
    fill

  /** Delivers every change committed from now on whose key starts with a prefix, in order; the empty one stands for all
    * keys. The caller closes the subscription.
    *
    * @param wake
    *   is run, with the store locked, when the subscription has something new: it must neither block nor use the store
    */
  def subscribe(prefix: String)(wake: () => Unit): Either[StoreError, Subscription] =
    val valid = if prefix.isEmpty then Right(prefix) else Key.from(prefix).map(_.text)
    valid.map: text =>
      val subscription = Subscription(text, wake, unsubscribe)
      synchronized:
        subscriptions :+= subscription
      subscription

  private def unsubscribe(subscription: Subscription): Unit = synchronized:
    subscriptions = subscriptions.filterNot(_ eq subscription)

  private def commit(done: (World, Change)): Unit =
    val (next, change) = done
    world = next
    subscriptions = subscriptions.filter(_.offer(change))

object Store:
  private def unixNanoseconds(): Long =
    val now = Instant.now()
    SECONDS.toNanos(now.getEpochSecond) + now.getNano
