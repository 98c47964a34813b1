package dev.tofusoup.stock.store;

/** A key, prefix or symbol that breaks the key rule. */
public final class InvalidKeyException extends Exception {
  /** The reason is the same for every key. */
  public InvalidKeyException() {
    super("invalid key: 1 to 1024 bytes of UTF-8 without NUL");
  }
}
