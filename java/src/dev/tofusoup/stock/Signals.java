package dev.tofusoup.stock;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What ends a server: SIGTERM, SIGINT, or the end of its session's input. */
final class Signals {
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

  /** Work that may be interrupted. */
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }

  /** Ends that only {@link #end} brings about. */
  Signals() {}

  /**
   * From here on the signals of this process are ends. The JDK has no other way to see a second
   * one.
   */
  static Signals catching() {
    Signals signals = new Signals();
    for (String name : new String[] {"TERM", "INT"}) {
      sun.misc.Signal.handle(new sun.misc.Signal(name), signal -> signals.end());
    }
    return signals;
  }

  /** Brings about an end. */
  void end() {
    ends.add("end");
  }

  /** Waits for an end. */
  void await() throws InterruptedException {
    ends.take();
  }

  /**
   * Does work until it is done, another end comes or time is up; what is left of it goes on alone.
   */
  void unlessAgain(Work work, Duration limit) throws InterruptedException {
    Thread worker =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does
              } finally {
                end();
              }
            },
            "drain");
    worker.setDaemon(true);
    worker.start();
    ends.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
  }
}
