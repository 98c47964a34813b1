package dev.tofusoup.stock;

import dev.tofusoup.stock.options.ExitCode;
import dev.tofusoup.stock.session.FrameException;
import java.io.IOException;

/**
 * Reads a session's commands in a thread of its own, which is left behind where another end comes.
 */
final class SessionInput {
  private volatile String fault;

  /** Reads to the end of the input. */
  @FunctionalInterface
  interface Reader {
    void read() throws IOException, FrameException;
  }

  private SessionInput() {}

  /** Starts to read; {@code ended} is run at the end of the input, or at its fault. */
  static SessionInput read(Reader reader, Runnable ended) {
    SessionInput input = new SessionInput();
    Thread thread =
        new Thread(
            () -> {
              try {
                reader.read();
              } catch (FrameException e) {
                input.fault = e.getMessage();
              } catch (IOException e) {
                input.fault = "standard input cannot be read: " + e.getMessage();
              } finally {
                ended.run();
              }
            },
            "commands");
    thread.setDaemon(true);
    thread.start();
    return input;
  }

  /** Prints what was wrong with the input, if anything; the exit code. */
  int explain(Streams streams) {
    if (fault == null) {
      return ExitCode.OK;
    }
    streams.error(fault + "\n");
    return ExitCode.INTERNAL;
  }
}
