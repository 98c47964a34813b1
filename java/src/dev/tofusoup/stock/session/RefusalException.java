package dev.tofusoup.stock.session;

/** A command that cannot be obeyed: which field, what was given, what was expected. */
final class RefusalException extends Exception {
  RefusalException(String format, Object... arguments) {
    super(format.formatted(arguments));
  }
}
