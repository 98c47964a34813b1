package dev.tofusoup.stock.options;

import com.google.protobuf.ByteString;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The arguments of batch and trade. */
public final class Arguments {
  private static final Pattern ORDER =
      Pattern.compile("(?s)(?:(buy|sell):(.*):(-?[0-9]{1,10})|query:(.*))");

  private Arguments() {}

  /** An item of a batch. */
  public record Item(String key, ByteString value) {}

  /** The kinds of an order. */
  public enum Kind {
    BUY,
    SELL,
    QUERY
  }

  /**
   * An argument of trade.
   *
   * @param quantity 0 for a query
   */
  public record Order(Kind kind, String symbol, int quantity) {}

  /** Splits {@code KEY=VALUE} at its first {@code =}. */
  public static Item item(String word) throws UsageException {
    int equals = word.indexOf('=');
    if (equals < 0) {
      throw new UsageException("batch: %s given, KEY=VALUE expected", Words.quoted(word));
    }
    String key = Words.text(word.substring(0, equals));
    if (key == null) {
      String given = Words.quoted(word.substring(0, equals));
      throw new UsageException("batch: %s given, a key of UTF-8 expected", given);
    }
    return new Item(key, ByteString.copyFrom(Words.bytes(word.substring(equals + 1))));
  }

  /**
   * Splits {@code buy:SYMBOL:N} and {@code sell:SYMBOL:N} at the first colon and the last, {@code
   * query:SYMBOL} at the first.
   */
  public static Order order(String word) throws UsageException {
    Matcher order = ORDER.matcher(word);
    if (order.matches()) {
      boolean query = order.group(1) == null;
      String symbol = Words.text(order.group(query ? 4 : 2));
      long quantity = query ? 0 : Long.parseLong(order.group(3));
      if (symbol != null && quantity == (int) quantity) {
        Kind kind = query ? Kind.QUERY : order.group(1).equals("buy") ? Kind.BUY : Kind.SELL;
        return new Order(kind, symbol, (int) quantity);
      }
    }
    throw new UsageException(
        "trade: %s given, buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected",
        Words.quoted(word));
  }
}
