package dev.tofusoup.stock.store;

/**
 * Asks to change the position of a symbol, or what it is.
 *
 * @param type {@link #BUY}, {@link #SELL} or {@link #QUERY}; any other number is an unknown type
 */
public record Order(int type, String symbol, int quantity) {
  /** The types, numbered as on the wire. */
  public static final int BUY = 0;

  public static final int SELL = 1;
  public static final int QUERY = 2;
}
