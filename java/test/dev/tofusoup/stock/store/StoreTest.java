package dev.tofusoup.stock.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreTest {
  private static final ByteString VALUE = ByteString.copyFromUtf8("value");

  private final Store store = new Store();

  @ParameterizedTest
  @ValueSource(strings = {"a", "../x", "a//b", "*", "__proto__", " ", "é", "\uD83E\uDD8A"})
  void keysAreOpaque(String key) throws Exception {
    store.put(key, VALUE);
    assertEquals(VALUE, store.get(key));
  }

  @Test
  void keysHaveLimits() throws Exception {
    for (String key : List.of("k".repeat(1024), "é".repeat(512), "\uD83E\uDD8A".repeat(256))) {
      store.put(key, VALUE);
    }
    List<String> invalid =
        List.of("", "a\0b", "\uD83E", "\uDD8Ax", "k".repeat(1025), "é".repeat(513));
    for (String key : invalid) {
      assertThrows(InvalidKeyException.class, () -> store.put(key, VALUE));
      assertThrows(InvalidKeyException.class, () -> store.get(key));
      assertThrows(InvalidKeyException.class, () -> store.delete(key));
    }
    assertEquals(3, store.totals().items());
  }

  @Test
  void totalsFollowChanges() throws Exception {
    store.put("a", ByteString.copyFromUtf8("123"));
    store.put("b", ByteString.EMPTY);
    assertEquals(new Totals(2, 3), store.totals());
    store.put("a", ByteString.copyFromUtf8("1"));
    assertEquals(new Totals(2, 1), store.totals());
    store.delete("a");
    assertEquals(new Totals(1, 0), store.totals());
  }

  @Test
  void missingKeysAreNamed() {
    var error = assertThrows(KeyNotFoundException.class, () -> store.get("k"));
    assertEquals("key not found: k", error.getMessage());
    assertThrows(KeyNotFoundException.class, () -> store.delete("k"));
  }

  @Test
  void theClockNeverStandsStill() {
    Queue<Long> readings = new ArrayDeque<>(List.of(100L, 100L, 90L, 300L));
    Store slow = new Store(readings::remove);
    for (long expected : new long[] {100, 101, 102, 300}) {
      assertEquals(expected, slow.trade(new Order(Order.QUERY, "x", 0)).timestamp());
    }
  }

  @Test
  void subscribersSeeTheirPrefixInOrder() throws Exception {
    store.put("a/0", VALUE);
    List<String> woken = new ArrayList<>();
    Subscription subscription = store.subscribe("a/", () -> woken.add("woken"));
    for (String key : List.of("a/1", "b/1", "a", "a/2", "a/2")) {
      store.put(key, VALUE);
    }
    store.delete("a/1");
    subscription.close();
    subscription.close();
    store.put("a/3", VALUE);
    List<String> seen = new ArrayList<>();
    long last = 0;
    for (Change change = subscription.poll(); change != null; change = subscription.poll()) {
      seen.add(change.key() + " " + change.deleted());
      assertTrue(change.timestamp() > last);
      last = change.timestamp();
    }
    assertEquals(List.of("a/1 false", "a/2 false", "a/2 false", "a/1 true"), seen);
    assertEquals(4, woken.size());
    assertThrows(InvalidKeyException.class, () -> store.subscribe("\0", () -> {}));
  }

  @Test
  void aSlowSubscriberIsEndedAndNobodyElse() throws Exception {
    Subscription slow = store.subscribe("", () -> {});
    Subscription quick = store.subscribe("", () -> {});
    for (int i = 0; i <= Subscription.QUEUE_SIZE; i++) {
      assertFalse(slow.overflown());
      store.put("key " + i, VALUE);
      assertEquals("key " + i, quick.poll().key());
    }
    assertTrue(slow.overflown());
    for (int i = 0; i < Subscription.QUEUE_SIZE; i++) {
      assertEquals("key " + i, slow.poll().key());
    }
    store.put("later", VALUE);
    assertNull(slow.poll());
    assertEquals("later", quick.poll().key());
  }

  @Test
  void positionsAndRefusals() {
    int most = Integer.MAX_VALUE;
    List<Order> orders = new ArrayList<>();
    List<String> fills = new ArrayList<>();
    trade(orders, fills, Order.QUERY, "acme", 99, "true 0 position");
    trade(orders, fills, Order.BUY, "acme", 5, "true 5 bought");
    trade(orders, fills, Order.SELL, "acme", 6, "false 0 insufficient position: have 5, want 6");
    trade(orders, fills, Order.SELL, "acme", 2, "true 2 sold");
    trade(orders, fills, Order.QUERY, "acme", -1, "true 3 position");
    trade(orders, fills, Order.BUY, "acme", 0, "false 0 quantity must be positive");
    trade(orders, fills, Order.SELL, "acme", -1, "false 0 quantity must be positive");
    trade(orders, fills, Order.BUY, "acme", most, "false 0 position limit");
    trade(orders, fills, Order.BUY, "acme", most - 3, "true 2147483644 bought");
    trade(orders, fills, Order.SELL, "acme", most, "true 2147483647 sold");
    trade(orders, fills, 7, "acme", 0, "false 0 unknown order type: 7");
    trade(orders, fills, -1, "acme", 1, "false 0 unknown order type: -1");
    trade(orders, fills, 7, "", 1, "false 0 invalid symbol");
    trade(orders, fills, Order.QUERY, "a\0", 1, "false 0 invalid symbol");
    long last = 0;
    for (int i = 0; i < orders.size(); i++) {
      Fill fill = store.trade(orders.get(i));
      String told = "%s %d %s".formatted(fill.success(), fill.quantity(), fill.message());
      assertEquals(fills.get(i), told, orders.get(i).toString());
      assertTrue(fill.timestamp() > last);
      last = fill.timestamp();
    }
    assertEquals(new Totals(0, 0), store.totals());
  }

  private static void trade(
      List<Order> orders, List<String> fills, int type, String symbol, int quantity, String fill) {
    orders.add(new Order(type, symbol, quantity));
    fills.add(fill);
  }

  @Test
  void changesFromManyThreadsAreOneSequence() throws Exception {
    int threads = 8;
    int each = Subscription.QUEUE_SIZE / threads;
    Subscription subscription = store.subscribe("", () -> {});
    List<Thread> writers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      String name = "key " + t + " ";
      Thread writer = new Thread(() -> putAll(name, each));
      writer.start();
      writers.add(writer);
    }
    for (Thread writer : writers) {
      writer.join();
    }
    int count = threads * each;
    long last = 0;
    for (int i = 0; i < count; i++) {
      Change change = subscription.poll();
      assertTrue(change.timestamp() > last);
      last = change.timestamp();
    }
    assertEquals(count, store.totals().items());
  }

  private void putAll(String name, int count) {
    try {
      for (int i = 0; i < count; i++) {
        store.put(name + i, VALUE);
      }
    } catch (InvalidKeyException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void storesAreApartAndForgettable() throws Exception {
    Stores stores = new Stores();
    Store one = stores.named("one");
    one.put("k", VALUE);
    assertThrows(KeyNotFoundException.class, () -> stores.named("two").get("k"));
    Store unnamed = stores.named("");
    stores.forget(List.of("one", "none", ""));
    assertNotSame(one, stores.named("one"));
    assertSame(unnamed, stores.named(""));
  }
}
