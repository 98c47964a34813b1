package dev.tofusoup.stock.session;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import tofusoup.stock.session.Request;
import tofusoup.stock.session.Response;
import tofusoup.stock.session.Start;

/**
 * A running call: hands requests to the library as it has room for them, and reports what the
 * library gives. Its methods may be called from any thread.
 */
final class Call<Q, R> implements ClientResponseObserver<Q, R>, ClientInterceptor {
  private final Start start;
  private final Method<Q, R> method;
  private final Metadata metadata;
  private final CallReport report;
  private final Runnable ended;
  private final Queue<Request> requests;
  private ClientCallStreamObserver<Q> stream;
  private boolean closed;
  private boolean halfClosed;
  private Metadata headers;
  private Response response;

  /**
   * Makes a call.
   *
   * @param ended is run once the call has ended, before that is reported
   */
  Call(Start start, Method<Q, R> method, Metadata metadata, CallReport report, Runnable ended) {
    this.start = start;
    this.method = method;
    this.metadata = metadata;
    this.report = report;
    this.ended = ended;
    requests = new ArrayDeque<>(method.sends() ? start.getRequestsList() : List.of());
    closed = start.getHalfClose() || !method.sends();
  }

  /** Starts it. */
  void start(Channel channel) {
    Q first = method.sends() ? null : method.request().apply(start.getRequests(0));
    method.starter().start(ClientInterceptors.intercept(channel, this), first, this);
    pump();
  }

  /** Queues requests. */
  synchronized void send(List<Request> more) throws RefusalException {
    checkOpen();
    for (Request request : more) {
      if (request.getRequestCase() != method.accepts()) {
        throw new RefusalException("requests: one is not of the rpc's type");
      }
    }
    requests.addAll(more);
    pump();
  }

  /** Ends the requests after those queued. */
  synchronized void halfClose() throws RefusalException {
    checkOpen();
    closed = true;
    pump();
  }

  /** Allows more responses. */
  synchronized void receive(int credit) {
    if (method.receives()) {
      stream.request(responses(credit));
    }
  }

  /** Ends it; it reports the status that its library gives. */
  void cancel() {
    stream.cancel("cancelled by the runner", null);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> opened) {
    stream = opened;
    if (method.receives()) {
      opened.disableAutoRequestWithInitial(responses(start.getCredit()));
    }
    if (method.sends()) {
      opened.setOnReadyHandler(this::pump);
    }
  }

  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> descriptor, CallOptions options, Channel next) {
    CallOptions chosen = options;
    if (start.getTimeoutNs() > 0) {
      chosen = chosen.withDeadlineAfter(start.getTimeoutNs(), TimeUnit.NANOSECONDS);
    }
    if (start.getWaitForReady()) {
      chosen = chosen.withWaitForReady();
    }
    if (start.getCompress()) {
      chosen = chosen.withCompression("gzip");
    }
    return new SimpleForwardingClientCall<>(next.newCall(descriptor, chosen)) {
      @Override
      public void start(Listener<B> listener, Metadata outgoing) {
        outgoing.merge(metadata);
        super.start(new Ears<>(listener), outgoing);
      }
    };
  }

  @Override
  public void onNext(R message) {
    if (method.unary()) {
      response = method.wrap(message);
    } else {
      report.response(method.wrap(message));
    }
  }

  @Override
  public void onError(Throwable error) {
    // The listener below has it with its metadata.
  }

  @Override
  public void onCompleted() {
    // As an error.
  }

  private void checkOpen() throws RefusalException {
    if (closed) {
      throw new RefusalException("call: its requests have ended");
    }
  }

  /** How many responses a credit stands for. */
  private static int responses(int credit) {
    return credit > 0 ? credit : Integer.MAX_VALUE;
  }

  private synchronized void pump() {
    if (!method.sends()) {
      return;
    }
    while (!requests.isEmpty() && stream.isReady()) {
      stream.onNext(method.request().apply(requests.remove()));
    }
    if (closed && !halfClosed && requests.isEmpty()) {
      halfClosed = true;
      stream.onCompleted();
    }
  }

  private synchronized int unsent() {
    return requests.size();
  }

  /** Hears what stubs do not tell of: metadata. */
  private final class Ears<B> extends SimpleForwardingClientCallListener<B> {
    Ears(ClientCall.Listener<B> listener) {
      super(listener);
    }

    @Override
    public void onHeaders(Metadata received) {
      if (method.unary()) {
        headers = received;
      } else {
        report.headers(received);
      }
      super.onHeaders(received);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      super.onClose(status, trailers);
      ended.run();
      if (method.unary()) {
        report.unary(headers, response, status, trailers);
      } else {
        report.status(status, trailers, unsent());
      }
    }
  }
}
