package dev.tofusoup.stock.store

import java.util.concurrent.LinkedBlockingQueue

/** Receives the changes of a store to the keys with its prefix, until it is closed or found too slow. Its methods may
  * be called from any thread.
  */
final class Subscription private[store] (prefix: String, wake: () => Unit, forget: Subscription => Unit)
    extends AutoCloseable:
  private val queue = LinkedBlockingQueue[Change](Subscription.QueueSize)
  @volatile private var full = false

  /** The next change; none where there is none yet. */
  def poll(): Option[Change] = Option(queue.poll())

  /** Whether a change found the queue full. Nothing comes after those that are still in the queue. */
  def overflown: Boolean = full

  /** Ends the delivery. May be called more than once. */
  override def close(): Unit = forget(this)

  /** Takes a change if it concerns this subscriber; false where there was no room for it. */
  private[store] def offer(change: Change): Boolean =
    val concerned = change.key.text.startsWith(prefix)
    full = concerned && !queue.offer(change)
    if concerned then wake()
    !full

object Subscription:
  /** Changes that wait for a subscriber before it counts as too slow. */
  private[store] val QueueSize = 1024
