package dev.tofusoup.stock.session;

import com.google.errorprone.annotations.FormatMethod;

/** A command that cannot be obeyed: which field, what was given, what was expected. */
final class RefusalException extends Exception {
  @FormatMethod
  RefusalException(String format, Object... arguments) {
    super(format.formatted(arguments));
  }
}
