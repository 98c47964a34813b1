package dev.tofusoup.stock.calls;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The responses of a call in their order, read one by one. Where the call fails, what follows the
 * last one is a {@link StatusRuntimeException}. It is for one thread.
 */
public final class Responses<R> implements Iterator<R>, AutoCloseable {
  /** What comes of a call: a response, or its end. */
  private sealed interface Item<R> {
    record Response<R>(R message) implements Item<R> {}

    record End<R>(Status status) implements Item<R> {}
  }

  private final ClientCall<?, R> call;
  private final BlockingQueue<Item<R>> items = new LinkedBlockingQueue<>();
  private Item<R> next;

  private Responses(ClientCall<?, R> call) {
    this.call = call;
  }

  /** Starts a call that takes one request. */
  static <Q, R> Responses<R> of(ClientCall<Q, R> call, Q request) {
    Responses<R> responses = new Responses<>(call);
    call.start(responses.listener(() -> {}), new Metadata());
    call.request(1);
    call.sendMessage(request);
    call.halfClose();
    return responses;
  }

  /** Starts a call and sends all its requests, as fast as the peer reads them. */
  static <Q, R> Responses<R> ofAll(ClientCall<Q, R> call, List<Q> requests) {
    Responses<R> responses = new Responses<>(call);
    Sender<Q> sender = new Sender<>(call, requests.iterator());
    call.start(responses.listener(sender::send), new Metadata());
    call.request(1);
    sender.send();
    return responses;
  }

  /**
   * Hands over requests where there is room for them; the last one is followed by the half-close.
   */
  private static final class Sender<Q> {
    private final ClientCall<Q, ?> call;
    private final Iterator<Q> unsent;
    private boolean halfClosed;

    Sender(ClientCall<Q, ?> call, Iterator<Q> unsent) {
      this.call = call;
      this.unsent = unsent;
    }

    synchronized void send() {
      while (unsent.hasNext() && call.isReady()) {
        call.sendMessage(unsent.next());
      }
      if (!halfClosed && !unsent.hasNext()) {
        halfClosed = true;
        call.halfClose();
      }
    }
  }

  private ClientCall.Listener<R> listener(Runnable ready) {
    return new ClientCall.Listener<>() {
      @Override
      public void onReady() {
        ready.run();
      }

      @Override
      public void onMessage(R message) {
        items.add(new Item.Response<>(message));
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        items.add(new Item.End<>(status));
      }
    };
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = items.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Status.CANCELLED.withCause(e).asRuntimeException();
      }
    }
    if (next instanceof Item.End<R> end) {
      if (end.status().isOk()) {
        return false;
      }
      throw end.status().asRuntimeException();
    }
    return true;
  }

  @Override
  public R next() {
    if (hasNext() && next instanceof Item.Response<R> response) {
      next = null;
      call.request(1);
      return response.message();
    }
    throw new NoSuchElementException();
  }

  /** Waits for the end of a call that has given all its responses. */
  void end() {
    if (hasNext()) {
      throw new IllegalStateException("one response too many");
    }
  }

  /** Ends the call. */
  @Override
  public void close() {
    call.cancel("no longer wanted", null);
  }
}
