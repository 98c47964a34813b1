package dev.tofusoup.stock.store;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The stores of a process by their names; a store is made when it is first named. */
public final class Stores {
  private final Store unnamed = new Store();
  private final Map<String, Store> named = new ConcurrentHashMap<>();

  /** The store of a name; the default one where it is empty. */
  public Store named(String name) {
    return name.isEmpty() ? unnamed : named.computeIfAbsent(name, key -> new Store());
  }

  /** Drops named stores, never the default one. What still uses a store keeps it. */
  public void forget(Collection<String> names) {
    named.keySet().removeAll(names);
  }
}
