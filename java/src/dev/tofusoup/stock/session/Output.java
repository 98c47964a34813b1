package dev.tofusoup.stock.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import tofusoup.stock.session.Event;

/**
 * Writes events in a thread of its own, so that nobody waits for the runner. What is ready together
 * leaves in one write. Its memory is bounded only by a runner that reads.
 */
final class Output implements AutoCloseable {
  /** Has events to write; it is asked once for each time that it was queued. */
  @FunctionalInterface
  interface Source {
    List<Event> take();
  }

  private static final Logger logger = Logger.getLogger(Output.class.getName());
  private static final long CLOSE_MILLIS = 1000;

  private final OutputStream stream;
  private final Thread writer = new Thread(this::run, "output");
  private List<Source> queue = new ArrayList<>();
  private boolean closed;

  /** Starts the thread; close ends it. */
  Output(OutputStream stream) {
    this.stream = stream;
    writer.setDaemon(true);
    writer.start();
  }

  void send(Event event) {
    push(() -> List.of(event));
  }

  synchronized void push(Source source) {
    queue.add(source);
    notifyAll();
  }

  /** Writes what is queued. What comes later is lost, and what a runner does not read in time. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (writer.isAlive()) {
      logger.warning("the runner does not read");
    }
  }

  private void run() {
    try {
      for (List<Source> sources = next(); sources != null; sources = next()) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (Source source : sources) {
          for (Event event : source.take()) {
            if (!Frames.write(event, frames)) {
              logger.severe("an event of %d bytes is lost".formatted(event.getSerializedSize()));
            }
          }
        }
        frames.writeTo(stream);
        stream.flush();
      }
    } catch (IOException e) {
      // The end of standard input ends the session.
      logger.log(Level.WARNING, "cannot write to the runner", e);
    }
  }

  /** What is queued, or null where nothing will be any more. */
  private synchronized List<Source> next() {
    while (queue.isEmpty() && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        return null;
      }
    }
    List<Source> sources = queue;
    queue = new ArrayList<>();
    return sources.isEmpty() ? null : sources;
  }
}
