package dev.tofusoup.stock.store;

/** A key without a value. */
public final class KeyNotFoundException extends Exception {
  /** The reason names the key. */
  public KeyNotFoundException(String key) {
    super("key not found: " + key);
  }
}
