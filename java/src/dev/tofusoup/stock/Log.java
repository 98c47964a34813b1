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
  /** Where grpc-java tells of failed handshakes, softly and with all that the engine knows. */
  private static final Logger handshakes =
      Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.ProtocolNegotiators");

  private static final String HANDSHAKE_FAILED = "TLS negotiation failed";

  private Log() {}

  /**
   * Sends all loggers' lines to a stream, from WARNING up: at INFO, grpc-java tells of its frames.
   */
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
    handler.setLevel(Level.ALL);
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    root.setLevel(Level.WARNING);
    handshakes.setLevel(Level.FINE);
    handshakes.setFilter(Log::failedHandshake);
  }

  /** Passes failed handshakes, as warnings of one line. */
  private static boolean failedHandshake(LogRecord line) {
    line.setMessage(line.getMessage().lines().findFirst().orElse(""));
    line.setLevel(Level.WARNING);
    return line.getMessage().startsWith(HANDSHAKE_FAILED);
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
