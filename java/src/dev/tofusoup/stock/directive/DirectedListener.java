package dev.tofusoup.stock.directive;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;

/**
 * Hands the events of a directed call to its handler, which hears no more of one that has failed.
 */
final class DirectedListener<Q> extends SimpleForwardingServerCallListener<Q> {
  private final DirectedCall<Q, ?> call;
  private final Observer observer;

  DirectedListener(DirectedCall<Q, ?> call, Observer observer, ServerCall.Listener<Q> handler) {
    super(handler);
    this.call = call;
    this.observer = observer;
  }

  @Override
  public void onMessage(Q message) {
    if (call.failed()) {
      return;
    }
    observer.read();
    super.onMessage(message);
    call.countRead();
  }

  @Override
  public void onHalfClose() {
    if (!call.failed()) {
      super.onHalfClose();
    }
  }

  @Override
  public void onCancel() {
    observer.ended(true);
    super.onCancel();
  }

  @Override
  public void onComplete() {
    observer.ended(false);
    super.onComplete();
  }
}
