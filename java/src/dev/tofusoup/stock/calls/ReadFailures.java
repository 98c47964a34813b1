package dev.tofusoup.stock.calls;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Gives a call whose response cannot be read the reason as its status: one that is too large when
 * it is decompressed is RESOURCE_EXHAUSTED. The library says CANCELLED, with the reason as cause.
 */
final class ReadFailures implements ClientInterceptor {
  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        super.start(new Reasonable<>(listener), headers);
      }
    };
  }

  private static final class Reasonable<R> extends SimpleForwardingClientCallListener<R> {
    Reasonable(ClientCall.Listener<R> listener) {
      super(listener);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      boolean unread =
          status.getCode() == Status.Code.CANCELLED
              && status.getCause() instanceof StatusRuntimeException;
      super.onClose(unread ? Status.fromThrowable(status.getCause()) : status, trailers);
    }
  }
}
