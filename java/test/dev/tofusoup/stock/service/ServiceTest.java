package dev.tofusoup.stock.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tofusoup.stock.About;
import dev.tofusoup.stock.calls.Calls;
import dev.tofusoup.stock.calls.Responses;
import dev.tofusoup.stock.testing.Peers;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tofusoup.stock.BatchItem;
import tofusoup.stock.BatchSummary;
import tofusoup.stock.InventoryStatus;
import tofusoup.stock.TradeFill;
import tofusoup.stock.TradeOrder;
import tofusoup.stock.TradeOrder.OrderType;
import tofusoup.stock.WatchEvent;

final class ServiceTest {
  private static final ByteString VALUE = ByteString.copyFromUtf8("value");

  private Peers peers;
  private Calls calls;

  @BeforeEach
  void connect() throws Exception {
    peers = new Peers();
    calls = new Calls(peers.channel(), Peers.PATIENCE);
  }

  @AfterEach
  void disconnect() throws Exception {
    peers.close();
  }

  @Test
  void keysAndValues() {
    calls.put("key", VALUE);
    assertEquals(VALUE, calls.get("key"));
    assertEquals(VALUE, calls.kvGet("key"));
    calls.kvPut("key", ByteString.EMPTY);
    assertEquals(ByteString.EMPTY, calls.get("key"));
    calls.delete("key");
    fails(Status.NOT_FOUND, "key not found: key", () -> calls.get("key"));
    fails(Status.NOT_FOUND, "key not found: key", () -> calls.kvGet("key"));
    fails(Status.NOT_FOUND, "key not found: key", () -> calls.delete("key"));
    String invalid = "invalid key: 1 to 1024 bytes of UTF-8 without NUL";
    fails(Status.INVALID_ARGUMENT, invalid, () -> calls.put("", VALUE));
    fails(Status.INVALID_ARGUMENT, invalid, () -> calls.monitor("\0").hasNext());
  }

  @Test
  void inventoryTellsOfTheServer() {
    calls.put("key", VALUE);
    InventoryStatus status = calls.inventory();
    assertEquals(1, status.getTotalItems());
    assertEquals(VALUE.size(), status.getTotalBytes());
    assertEquals(About.VERSION, status.getServerVersion());
    assertEquals("java", status.getMetadataOrThrow("language"));
    assertEquals("plaintext", status.getMetadataOrThrow("security"));
    assertEquals(ServingStatus.SERVING, calls.health("proto.KV"));
  }

  @Test
  void batchesCount() {
    List<BatchItem> items =
        List.of(
            BatchItem.newBuilder().setKey("a").setValue(VALUE).build(),
            BatchItem.newBuilder().setValue(VALUE).build());
    BatchSummary summary = calls.batch(items);
    BatchSummary expected =
        BatchSummary.newBuilder()
            .setTotalItems(2)
            .setSuccessful(1)
            .setFailed(1)
            .setBytesWritten(VALUE.size())
            .build();
    assertEquals(expected, summary);
    assertEquals(BatchSummary.getDefaultInstance(), calls.batch(List.of()));
  }

  @Test
  void monitorsSeeWhatComesAfterThem() {
    try (Responses<WatchEvent> events = calls.monitor("")) {
      // Put until the subscription is there to see it.
      Thread puts = new Thread(() -> IntStream.range(0, 1000).forEach(this::put));
      puts.start();
      WatchEvent first = events.next();
      int number = Integer.parseInt(first.getKey());
      assertEquals(String.valueOf(number + 1), events.next().getKey());
      assertTrue(first.getTimestamp() > 0);
    }
  }

  private void put(int number) {
    calls.put(String.valueOf(number), VALUE);
  }

  @Test
  void tradesAnswerEachOrder() {
    List<TradeOrder> orders =
        IntStream.range(0, 500)
            .mapToObj(n -> TradeOrder.newBuilder().setSymbol("acme").setQuantity(1).build())
            .toList();
    try (Responses<TradeFill> fills = calls.trade(orders)) {
      for (TradeOrder order : orders) {
        TradeFill fill = fills.next();
        assertTrue(fill.getSuccess());
        assertEquals(order.getQuantity(), fill.getQuantityFilled());
      }
      assertTrue(!fills.hasNext());
    }
    TradeOrder unknown = TradeOrder.newBuilder().setTypeValue(9).setSymbol("acme").build();
    TradeOrder query = TradeOrder.newBuilder().setType(OrderType.QUERY).setSymbol("acme").build();
    try (Responses<TradeFill> fills = calls.trade(List.of(unknown, query))) {
      assertEquals("unknown order type: 9", fills.next().getMessage());
      assertEquals(500, fills.next().getQuantityFilled());
    }
  }

  private static void fails(
      Status expected, String message, org.junit.jupiter.api.function.Executable call) {
    Status status = assertThrows(StatusRuntimeException.class, call).getStatus();
    assertEquals(expected.getCode(), status.getCode());
    assertEquals(message, status.getDescription());
  }
}
