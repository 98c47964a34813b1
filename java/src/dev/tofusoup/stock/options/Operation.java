package dev.tofusoup.stock.options;

import java.util.List;

/** What stock_client can do. */
public enum Operation {
  GET("get", 1, 1, "KEY"),
  PUT("put", 2, 2, "KEY VALUE|-"),
  DELETE("delete", 1, 1, "KEY"),
  MONITOR("monitor", 0, 1, "[PREFIX] [--count N]"),
  BATCH("batch", 0, Integer.MAX_VALUE, "[KEY=VALUE ...]"),
  TRADE("trade", 1, Integer.MAX_VALUE, "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ..."),
  INVENTORY("inventory", 0, 0, ""),
  KV_GET("kv-get", 1, 1, "KEY"),
  KV_PUT("kv-put", 2, 2, "KEY VALUE|-"),
  HEALTH("health", 0, 1, "[SERVICE]");

  private final String word;
  private final int least;
  private final int most;
  private final String arguments;

  Operation(String word, int least, int most, String arguments) {
    this.word = word;
    this.least = least;
    this.most = most;
    this.arguments = arguments;
  }

  /** Its name on the command line. */
  public String word() {
    return word;
  }

  String usage() {
    return ("  " + word + " " + arguments).stripTrailing() + "\n";
  }

  static Operation named(String name) throws UsageException {
    for (Operation operation : values()) {
      if (operation.word.equals(name)) {
        return operation;
      }
    }
    throw new UsageException("unknown operation: %s", Words.printable(name));
  }

  void check(List<String> given) throws UsageException {
    if (given.size() < least) {
      throw new UsageException("%s needs %s", word, arguments);
    }
    if (given.size() > most) {
      throw new UsageException("stray argument: %s", Words.printable(given.get(most)));
    }
    // Elsewhere the first one is a key, a prefix or a name.
    boolean named = this != BATCH && this != TRADE;
    if (named && !given.isEmpty() && Words.text(given.get(0)) == null) {
      throw new UsageException("%s: %s given, UTF-8 expected", word, Words.quoted(given.get(0)));
    }
  }
}
