package dev.tofusoup.stock.store;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One world of keys, positions and subscribers. It applies one change at a time. Its methods may be
 * called from any thread and never wait for a subscriber.
 */
public final class Store {
  private final LongSupplier clock;
  private final Map<String, ByteString> values = new HashMap<>();
  private final Map<String, Integer> positions = new HashMap<>();
  private final Set<Subscription> subscribers = new LinkedHashSet<>();
  private long bytes;
  private long lastTick;

  /** Makes an empty store on the system's clock. */
  public Store() {
    this(Store::unixNanoseconds);
  }

  /**
   * Makes an empty store on a clock of Unix nanoseconds, which may stand still or run backwards.
   */
  Store(LongSupplier clock) {
    this.clock = clock;
  }

  private static long unixNanoseconds() {
    Instant now = Clock.systemUTC().instant();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** The value of a key. */
  public synchronized ByteString get(String key) throws InvalidKeyException, KeyNotFoundException {
    Keys.check(key);
    ByteString value = values.get(key);
    if (value == null) {
      throw new KeyNotFoundException(key);
    }
    return value;
  }

  /** Stores a value and publishes the change. */
  public synchronized void put(String key, ByteString value) throws InvalidKeyException {
    Keys.check(key);
    ByteString old = values.put(key, value);
    bytes += value.size() - (old == null ? 0 : old.size());
    publish(new Change(false, key, value, tick()));
  }

  /** Removes a key and publishes the change. */
  public synchronized void delete(String key) throws InvalidKeyException, KeyNotFoundException {
    Keys.check(key);
    ByteString old = values.remove(key);
    if (old == null) {
      throw new KeyNotFoundException(key);
    }
    bytes -= old.size();
    publish(new Change(true, key, ByteString.EMPTY, tick()));
  }

  /** The number of keys and the bytes of their values. */
  public synchronized Totals totals() {
    return new Totals(values.size(), bytes);
  }

  /**
   * Delivers every change committed from now on whose key starts with a prefix, in order; the empty
   * one stands for all keys. The caller closes the subscription.
   *
   * @param wake is run, with the store locked, when the subscription has something new: it must
   *     neither block nor use the store
   */
  public synchronized Subscription subscribe(String prefix, Runnable wake)
      throws InvalidKeyException {
    if (!prefix.isEmpty()) {
      Keys.check(prefix);
    }
    Subscription subscription = new Subscription(this, prefix, wake);
    subscribers.add(subscription);
    return subscription;
  }

  synchronized void unsubscribe(Subscription subscription) {
    subscribers.remove(subscription);
  }

  /** Carries out one order, or refuses it, atomically. It publishes nothing. */
  public synchronized Fill trade(Order order) {
    int have = positions.getOrDefault(order.symbol(), 0);
    int want = order.quantity();
    String refusal = refusal(order, have);
    if (refusal != null) {
      return new Fill(false, 0, refusal, tick());
    }
    return switch (order.type()) {
      case Order.BUY -> {
        positions.put(order.symbol(), have + want);
        yield new Fill(true, want, "bought", tick());
      }
      case Order.SELL -> {
        positions.put(order.symbol(), have - want);
        yield new Fill(true, want, "sold", tick());
      }
      default -> new Fill(true, have, "position", tick());
    };
  }

  /** Why an order is refused, or null. The order of the checks is the service's. */
  private static String refusal(Order order, int have) {
    int want = order.quantity();
    if (!Keys.valid(order.symbol())) {
      return "invalid symbol";
    }
    if (order.type() < Order.BUY || order.type() > Order.QUERY) {
      return "unknown order type: " + order.type();
    }
    if (order.type() == Order.QUERY) {
      return null;
    }
    if (want <= 0) {
      return "quantity must be positive";
    }
    if (order.type() == Order.BUY && want > Integer.MAX_VALUE - have) {
      return "position limit";
    }
    if (order.type() == Order.SELL && want > have) {
      return "insufficient position: have %d, want %d".formatted(have, want);
    }
    return null;
  }

  /** The next reading of the clock, later than every one before it. */
  private long tick() {
    lastTick = Math.max(clock.getAsLong(), lastTick + 1);
    return lastTick;
  }

  private void publish(Change change) {
    subscribers.removeIf(subscriber -> !subscriber.offer(change));
  }
}
