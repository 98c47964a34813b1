package dev.tofusoup.stock.options;

import com.google.errorprone.annotations.FormatMethod;

/** A command line that breaks the grammar; the message is one line that names what breaks it. */
public final class UsageException extends Exception {
  UsageException(String reason) {
    super(reason);
  }

  @FormatMethod
  UsageException(String format, Object... arguments) {
    super(format.formatted(arguments));
  }
}
