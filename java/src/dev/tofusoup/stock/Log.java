package dev.tofusoup.stock;

import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** The log: a line of standard error each, {@code TIME LEVEL LOGGER: MESSAGE: CAUSE}. */
final class Log {
  private Log() {}

  /** Sends all loggers' lines to a stream, from INFO up. */
  static void to(PrintStream stream) {
    LogManager.getLogManager().reset();
    Handler handler =
        new StreamHandler(stream, new OneLine()) {
          @Override
          public synchronized void publish(LogRecord line) {
            super.publish(line);
            flush();
          }
        };
    handler.setLevel(Level.INFO);
    Logger.getLogger("").addHandler(handler);
  }

  private static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord line) {
      StringBuilder out = new StringBuilder();
      out.append(line.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
      out.append(line.getLevel().getName()).append(' ');
      String logger = String.valueOf(line.getLoggerName());
      out.append(logger.substring(logger.lastIndexOf('.') + 1)).append(": ");
      out.append(Lines.oneLine(formatMessage(line)));
      for (Throwable e = line.getThrown(); e != null; e = e.getCause()) {
        out.append(": ").append(Lines.oneLine(e.toString()));
        if (e.getCause() == null && e instanceof RuntimeException && e.getStackTrace().length > 0) {
          out.append(" at ").append(e.getStackTrace()[0]);
        }
      }
      return out.append('\n').toString();
    }
  }
}
