package dev.tofusoup.stock.directive;

import io.grpc.ServerCall;

/** A handler that throws the language's ordinary exception at the first event of its call. */
final class ThrowingListener<Q> extends ServerCall.Listener<Q> {
  private boolean thrown;

  @Override
  public void onReady() {
    throwOnce();
  }

  @Override
  public void onMessage(Q message) {
    throwOnce();
  }

  @Override
  public void onHalfClose() {
    throwOnce();
  }

  private void throwOnce() {
    if (!thrown) {
      thrown = true;
      throw new IllegalStateException("thrown for a directive");
    }
  }
}
