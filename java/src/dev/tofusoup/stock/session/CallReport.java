package dev.tofusoup.stock.session;

import com.google.protobuf.ByteString;
import dev.tofusoup.stock.headers.Headers;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tofusoup.stock.session.Event;
import tofusoup.stock.session.Events;
import tofusoup.stock.session.Response;
import tofusoup.stock.session.Status;

/**
 * Collects what a call's library gave until the output writes it: the source of the call's frames.
 */
final class CallReport implements Output.Source {
  /**
   * The size of responses at which a frame is full and the next one begins; far below the most, as
   * a frame is full only when a response has filled it.
   */
  private static final int FRAME_TARGET = 1 << 20;

  private final int call;
  private final Output output;
  private final long started = System.nanoTime();
  private List<Event> frames = new ArrayList<>();
  private Events.Builder last;
  private int bytes;
  private boolean queued;

  CallReport(int call, Output output) {
    this.call = call;
    this.output = output;
  }

  void headers(Metadata headers) {
    add(events -> events.setHeaders(Headers.fromGrpc(headers)));
  }

  void response(Response response) {
    add(
        events -> {
          events.addResponses(response);
          bytes += response.getSerializedSize();
        });
  }

  void status(io.grpc.Status status, Metadata trailers, int unsent) {
    add(events -> events.setStatus(statusOf(status, trailers, unsent)));
  }

  /** Adds everything that a unary call gives, in one frame; null for what it did not give. */
  void unary(Metadata headers, Response response, io.grpc.Status status, Metadata trailers) {
    add(
        events -> {
          if (headers != null) {
            events.setHeaders(Headers.fromGrpc(headers));
          }
          if (response != null && status.isOk()) {
            events.addResponses(response);
          }
          events.setStatus(statusOf(status, trailers, 0));
        });
  }

  @Override
  public synchronized List<Event> take() {
    finishFrame();
    List<Event> taken = frames;
    frames = new ArrayList<>();
    queued = false;
    return taken;
  }

  private synchronized void add(Consumer<Events.Builder> fill) {
    if (last == null) {
      last = Events.newBuilder().setCall(call);
      bytes = 0;
    }
    fill.accept(last);
    last.setAtNs(System.nanoTime() - started);
    if (bytes >= FRAME_TARGET) {
      finishFrame();
    }
    if (!queued) {
      queued = true;
      output.push(this);
    }
  }

  private void finishFrame() {
    if (last != null) {
      frames.add(Event.newBuilder().setEvents(last).build());
      last = null;
    }
  }

  private static Status statusOf(io.grpc.Status status, Metadata trailers, int unsent) {
    Status.Builder out =
        Status.newBuilder()
            .setCode(status.getCode().value())
            .setTrailers(Headers.fromGrpc(trailers))
            .setUnsent(unsent);
    if (status.getDescription() != null) {
      out.setMessage(status.getDescription());
    }
    byte[] details = trailers.get(Headers.DETAILS);
    if (details != null) {
      out.setDetails(ByteString.copyFrom(details));
    }
    return out.build();
  }
}
