package dev.tofusoup.stock.session;

import dev.tofusoup.stock.testing.Peers;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tofusoup.stock.session.Command;
import tofusoup.stock.session.Event;
import tofusoup.stock.session.Events;
import tofusoup.stock.session.Failure;
import tofusoup.stock.session.Start;

/** Drives a session of a test: a runner in the small. */
final class Runner implements AutoCloseable {
  private static final int PIPE_BYTES = 1 << 20;

  private final PipedOutputStream commands = new PipedOutputStream();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Queue<Events> others = new ArrayDeque<>();
  private int id;
  private int call;

  /** Reads what a session writes. */
  Runner(PipedInputStream input, PipedOutputStream output) throws IOException {
    input.connect(commands);
    DataInputStream frames = new DataInputStream(new PipedInputStream(output, PIPE_BYTES));
    Thread reader = new Thread(() -> read(frames), "runner");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(DataInputStream frames) {
    try {
      while (true) {
        events.add(Event.parseFrom(frames.readNBytes(frames.readInt())));
      }
    } catch (IOException e) {
      // The session has ended.
    }
  }

  int command(Command.Builder command) throws IOException {
    id++;
    Frames.write(command.setId(id).build(), commands);
    commands.flush();
    return id;
  }

  int start(Start.Builder start) throws IOException {
    call++;
    command(Command.newBuilder().setStart(start.setCall(call).setChannel(1)));
    return call;
  }

  Event event() throws InterruptedException {
    Event event = events.poll(Peers.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event");
    }
    return event;
  }

  Failure failure() throws InterruptedException {
    Event event = event();
    if (!event.hasFailure()) {
      throw new AssertionError("a failure was expected: " + event);
    }
    return event.getFailure();
  }

  /** All that a call gives until it has ended. */
  Events result(int number) throws InterruptedException {
    Events.Builder all = Events.newBuilder();
    while (!all.hasStatus()) {
      Events events = event().getEvents();
      if (events.getCall() == number) {
        all.mergeFrom(events);
      } else {
        others.add(events);
      }
    }
    return all.build();
  }

  @Override
  public void close() throws IOException {
    commands.close();
  }
}
