package dev.tofusoup.stock.store;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Receives the changes of a store to the keys with its prefix, until it is closed or found too
 * slow. Its methods may be called from any thread.
 */
public final class Subscription implements AutoCloseable {
  /** Changes that wait for a subscriber before it counts as too slow. */
  static final int QUEUE_SIZE = 1024;

  private final Store store;
  private final String prefix;
  private final Runnable wake;
  private final Queue<Change> queue = new ArrayDeque<>();
  private boolean overflown;

  Subscription(Store store, String prefix, Runnable wake) {
    this.store = store;
    this.prefix = prefix;
    this.wake = wake;
  }

  /** The next change, or null where there is none yet. */
  public synchronized Change poll() {
    return queue.poll();
  }

  /**
   * Whether a change found the queue full. Nothing comes after those that are still in the queue.
   */
  public synchronized boolean overflown() {
    return overflown;
  }

  /** Ends the delivery. May be called more than once. */
  @Override
  public void close() {
    store.unsubscribe(this);
  }

  /** Takes a change if it concerns this subscriber; false where there was no room for it. */
  boolean offer(Change change) {
    if (!change.key().startsWith(prefix)) {
      return true;
    }
    synchronized (this) {
      overflown = queue.size() == QUEUE_SIZE;
      if (!overflown) {
        queue.add(change);
      }
    }
    wake.run();
    return !overflown();
  }
}
