package dev.tofusoup.stock.directive;

import dev.tofusoup.stock.headers.Headers;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import tofusoup.stock.session.Directive;
import tofusoup.stock.session.Fail;

/** A call that carries a directive's metadata, and fails after the messages that a Fail names. */
final class DirectedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private final Directive directive;
  private final Observer observer;
  private boolean headersSent;
  private boolean failed;
  private int counted;

  DirectedCall(ServerCall<Q, R> call, Directive directive, Observer observer) {
    super(call);
    this.directive = directive;
    this.observer = observer;
  }

  @Override
  public synchronized void sendHeaders(Metadata headers) {
    if (headersSent) {
      return;
    }
    headersSent = true;
    headers.merge(Headers.toGrpc(directive.getHeaders()));
    super.sendHeaders(headers);
  }

  @Override
  public synchronized void sendMessage(R message) {
    if (failed) {
      return;
    }
    observer.sent();
    super.sendMessage(message);
    if (!type().serverSendsOneMessage()) {
      count();
    }
  }

  @Override
  public synchronized void close(Status status, Metadata trailers) {
    if (!failed) {
      end(status, trailers);
    }
  }

  /** Whether the call fails instead of its handler's start. */
  boolean failsAtOnce() {
    boolean unary = type() == MethodType.UNARY;
    return directive.hasFail() && (unary || directive.getFail().getAfter() == 0);
  }

  /** Counts a request that the handler has read, where requests are what counts. */
  synchronized void countRead() {
    if (type() == MethodType.CLIENT_STREAMING) {
      count();
    }
  }

  /** Ends the call as the directive says. */
  synchronized void fail() {
    failed = true;
    Fail fail = directive.getFail();
    Metadata trailers = new Metadata();
    if (!fail.getDetails().isEmpty()) {
      trailers.put(Headers.DETAILS, fail.getDetails().toByteArray());
    }
    String message = fail.getMessage().isEmpty() ? null : fail.getMessage();
    end(Status.fromCodeValue(fail.getCode()).withDescription(message), trailers);
  }

  /** Whether the call has failed as the directive says. */
  synchronized boolean failed() {
    return failed;
  }

  private MethodType type() {
    return getMethodDescriptor().getType();
  }

  private void count() {
    counted++;
    if (!failed && directive.hasFail() && counted == directive.getFail().getAfter()) {
      fail();
    }
  }

  private void end(Status status, Metadata trailers) {
    if (directive.getHeaders().getEntriesCount() > 0) {
      sendHeaders(new Metadata()); // gRPC sends none with an error
    }
    trailers.merge(Headers.toGrpc(directive.getTrailers()));
    super.close(status, trailers);
  }
}
