package dev.tofusoup.stock.service;

import com.google.common.util.concurrent.MoreExecutors;
import dev.tofusoup.stock.store.Change;
import dev.tofusoup.stock.store.InvalidKeyException;
import dev.tofusoup.stock.store.Store;
import dev.tofusoup.stock.store.Subscription;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import tofusoup.stock.WatchEvent;

/** One call of Monitor: sends changes while its peer has room for them. */
final class Monitor {
  private final ServerCallStreamObserver<WatchEvent> call;
  private final Executor sequential;
  private Subscription subscription;
  private boolean over;

  Monitor(ServerCallStreamObserver<WatchEvent> call, Executor executor) {
    this.call = call;
    this.sequential = MoreExecutors.newSequentialExecutor(executor);
  }

  /** Subscribes; whoever has seen the initial metadata misses nothing. */
  void start(Store store, String prefix) throws InvalidKeyException {
    subscription = store.subscribe(prefix, this::wake);
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::end);
    call.setOnCloseHandler(this::end);
    CallContext.sendHeaders();
    wake();
  }

  private void wake() {
    sequential.execute(this::deliver);
  }

  private void end() {
    subscription.close();
    sequential.execute(() -> over = true);
  }

  /** Runs in sequence, as all that uses the call. */
  private void deliver() {
    while (!over && call.isReady()) {
      Change change = subscription.poll();
      if (change == null) {
        break;
      }
      call.onNext(event(change));
    }
    if (!over && subscription.overflown()) {
      over = true;
      call.onError(
          Status.RESOURCE_EXHAUSTED.withDescription("subscriber too slow").asRuntimeException());
    }
  }

  private static WatchEvent event(Change change) {
    return WatchEvent.newBuilder()
        .setType(change.deleted() ? WatchEvent.EventType.DELETE : WatchEvent.EventType.PUT)
        .setKey(change.key())
        .setValue(change.value())
        .setTimestamp(change.timestamp())
        .build();
  }
}
