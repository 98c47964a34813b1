package dev.tofusoup.stock.service;

import dev.tofusoup.stock.store.Fill;
import dev.tofusoup.stock.store.InvalidKeyException;
import dev.tofusoup.stock.store.Order;
import dev.tofusoup.stock.store.Store;
import dev.tofusoup.stock.store.Stores;
import dev.tofusoup.stock.store.Totals;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import tofusoup.stock.BatchItem;
import tofusoup.stock.BatchSummary;
import tofusoup.stock.DeleteRequest;
import tofusoup.stock.Empty;
import tofusoup.stock.GetRequest;
import tofusoup.stock.GetResponse;
import tofusoup.stock.InventoryRequest;
import tofusoup.stock.InventoryStatus;
import tofusoup.stock.PutRequest;
import tofusoup.stock.StockGrpc;
import tofusoup.stock.TradeFill;
import tofusoup.stock.TradeOrder;
import tofusoup.stock.WatchEvent;
import tofusoup.stock.WatchRequest;

/**
 * Serves tofusoup.stock.Stock. A call works on the store in its context, else on the default one.
 */
public final class StockService extends StockGrpc.StockImplBase {
  private final Stores stores;
  private final Description description;
  private final Executor executor;

  /**
   * Makes the handlers over stores.
   *
   * @param executor delivers changes to subscribers
   */
  public StockService(Stores stores, Description description, Executor executor) {
    this.stores = stores;
    this.description = description;
    this.executor = executor;
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    Unary.answer(
        observer,
        () ->
            GetResponse.newBuilder()
                .setValue(CallContext.store(stores).get(request.getKey()))
                .build());
  }

  @Override
  public void put(PutRequest request, StreamObserver<Empty> observer) {
    Unary.answer(
        observer,
        () -> {
          CallContext.store(stores).put(request.getKey(), request.getValue());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<Empty> observer) {
    Unary.answer(
        observer,
        () -> {
          CallContext.store(stores).delete(request.getKey());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void inventory(InventoryRequest request, StreamObserver<InventoryStatus> observer) {
    Unary.answer(
        observer,
        () -> {
          Totals totals = CallContext.store(stores).totals();
          long uptime = System.nanoTime() - description.startedNanos();
          return InventoryStatus.newBuilder()
              .setTotalItems(totals.items())
              .setTotalBytes(totals.bytes())
              .setUptimeSeconds(TimeUnit.NANOSECONDS.toSeconds(uptime))
              .setServerVersion(description.version())
              .putAllMetadata(description.metadata())
              .build();
        });
  }

  @Override
  public void monitor(WatchRequest request, StreamObserver<WatchEvent> observer) {
    var call = (ServerCallStreamObserver<WatchEvent>) observer;
    try {
      new Monitor(call, executor).start(CallContext.store(stores), request.getKeyPrefix());
    } catch (InvalidKeyException e) {
      observer.onError(Statuses.of(e));
    }
  }

  @Override
  public StreamObserver<BatchItem> batch(StreamObserver<BatchSummary> observer) {
    return new BatchHandler(CallContext.store(stores), observer);
  }

  @Override
  public StreamObserver<TradeOrder> trade(StreamObserver<TradeFill> observer) {
    return new TradeHandler(
        CallContext.store(stores), (ServerCallStreamObserver<TradeFill>) observer);
  }

  /** Stores items as they arrive; an invalid key does not stop the rest. */
  private static final class BatchHandler implements StreamObserver<BatchItem> {
    private final Store store;
    private final StreamObserver<BatchSummary> observer;
    private final BatchSummary.Builder summary = BatchSummary.newBuilder();

    BatchHandler(Store store, StreamObserver<BatchSummary> observer) {
      this.store = store;
      this.observer = observer;
    }

    @Override
    public void onNext(BatchItem item) {
      summary.setTotalItems(summary.getTotalItems() + 1);
      try {
        store.put(item.getKey(), item.getValue());
      } catch (InvalidKeyException e) {
        summary.setFailed(summary.getFailed() + 1); // the summary tells
        return;
      }
      summary.setSuccessful(summary.getSuccessful() + 1);
      summary.setBytesWritten(summary.getBytesWritten() + item.getValue().size());
    }

    @Override
    public void onError(Throwable cancelled) {
      // What was applied stays, and nobody listens.
    }

    @Override
    public void onCompleted() {
      observer.onNext(summary.build());
      observer.onCompleted();
    }
  }

  /**
   * Answers each order with a fill as soon as it is read, and reads no faster than its peer does.
   */
  private static final class TradeHandler implements StreamObserver<TradeOrder> {
    private final Store store;
    private final ServerCallStreamObserver<TradeFill> call;
    private boolean waiting;

    TradeHandler(Store store, ServerCallStreamObserver<TradeFill> call) {
      this.store = store;
      this.call = call;
      call.disableAutoRequest();
      call.setOnReadyHandler(this::resume);
      call.setOnCancelHandler(() -> {}); // else a fill for a peer that has gone would be a fault
      call.request(1);
    }

    @Override
    public void onNext(TradeOrder order) {
      Fill fill =
          store.trade(new Order(order.getTypeValue(), order.getSymbol(), order.getQuantity()));
      call.onNext(
          TradeFill.newBuilder()
              .setSuccess(fill.success())
              .setSymbol(order.getSymbol())
              .setQuantityFilled(fill.quantity())
              .setMessage(fill.message())
              .setTimestamp(fill.timestamp())
              .build());
      waiting = true;
      resume();
    }

    private void resume() {
      if (waiting && call.isReady()) {
        waiting = false;
        call.request(1);
      }
    }

    @Override
    public void onError(Throwable cancelled) {
      // What was filled stays, and nobody listens.
    }

    @Override
    public void onCompleted() {
      call.onCompleted();
    }
  }
}
