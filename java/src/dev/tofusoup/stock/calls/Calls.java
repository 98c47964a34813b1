package dev.tofusoup.stock.calls;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import proto.KVGrpc;
import tofusoup.stock.BatchItem;
import tofusoup.stock.BatchSummary;
import tofusoup.stock.DeleteRequest;
import tofusoup.stock.GetRequest;
import tofusoup.stock.InventoryRequest;
import tofusoup.stock.InventoryStatus;
import tofusoup.stock.PutRequest;
import tofusoup.stock.StockGrpc;
import tofusoup.stock.TradeFill;
import tofusoup.stock.TradeOrder;
import tofusoup.stock.WatchEvent;
import tofusoup.stock.WatchRequest;

/** The client side of each RPC. A call that fails is a {@link StatusRuntimeException}. */
public final class Calls {
  private final Channel channel;
  private final Duration timeout;

  /**
   * Makes calls on a channel.
   *
   * @param timeout of each call; zero: none
   */
  public Calls(Channel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = timeout;
  }

  /** The value of a key. */
  public ByteString get(String key) {
    return stock().get(GetRequest.newBuilder().setKey(key).build()).getValue();
  }

  /** Stores a value. */
  public void put(String key, ByteString value) {
    stock().put(PutRequest.newBuilder().setKey(key).setValue(value).build());
  }

  /** Removes a key. */
  public void delete(String key) {
    stock().delete(DeleteRequest.newBuilder().setKey(key).build());
  }

  /** What the server has and is. */
  public InventoryStatus inventory() {
    return stock().inventory(InventoryRequest.getDefaultInstance());
  }

  /** The value of a key, by the older service. */
  public ByteString kvGet(String key) {
    return kv().get(proto.GetRequest.newBuilder().setKey(key).build()).getValue();
  }

  /** Stores a value, by the older service. */
  public void kvPut(String key, ByteString value) {
    kv().put(proto.PutRequest.newBuilder().setKey(key).setValue(value).build());
  }

  /** The health of a service. */
  public ServingStatus health(String service) {
    HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(service).build();
    return limited(HealthGrpc.newBlockingStub(channel)).check(request).getStatus();
  }

  /** The changes to the keys with a prefix. The caller closes them, which ends the call. */
  public Responses<WatchEvent> monitor(String prefix) {
    WatchRequest request = WatchRequest.newBuilder().setKeyPrefix(prefix).build();
    return Responses.of(channel.newCall(StockGrpc.getMonitorMethod(), options()), request);
  }

  /** The fills of orders. The caller closes them, which ends the call. */
  public Responses<TradeFill> trade(List<TradeOrder> orders) {
    return Responses.ofAll(channel.newCall(StockGrpc.getTradeMethod(), options()), orders);
  }

  /** Stores items and tells what became of them. */
  public BatchSummary batch(List<BatchItem> items) {
    var call = channel.newCall(StockGrpc.getBatchMethod(), options());
    try (Responses<BatchSummary> responses = Responses.ofAll(call, items)) {
      BatchSummary summary = responses.next();
      responses.end();
      return summary;
    }
  }

  private StockGrpc.StockBlockingStub stock() {
    return limited(StockGrpc.newBlockingStub(channel));
  }

  private KVGrpc.KVBlockingStub kv() {
    return limited(KVGrpc.newBlockingStub(channel));
  }

  private <S extends AbstractStub<S>> S limited(S stub) {
    return timeout.isZero()
        ? stub
        : stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private CallOptions options() {
    return timeout.isZero()
        ? CallOptions.DEFAULT
        : CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}
