package dev.tofusoup.stock.listener;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that may be ended by others than its handler: by a fault, by the drain. Whoever is first
 * ends it, and what comes later from anyone is passed over.
 */
final class GuardedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private boolean headersSent;
  private boolean closed;

  GuardedCall(ServerCall<Q, R> call) {
    super(call);
  }

  @Override
  public synchronized void sendHeaders(Metadata headers) {
    if (!closed && !headersSent) {
      headersSent = true;
      super.sendHeaders(headers);
    }
  }

  @Override
  public synchronized void sendMessage(R message) {
    if (!closed) {
      super.sendMessage(message);
    }
  }

  @Override
  public synchronized void close(Status status, Metadata trailers) {
    if (!closed) {
      closed = true;
      super.close(status, trailers);
    }
  }
}
