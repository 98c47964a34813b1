package dev.tofusoup.stock.directive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tofusoup.stock.calls.Calls;
import dev.tofusoup.stock.calls.Responses;
import dev.tofusoup.stock.headers.Headers;
import dev.tofusoup.stock.testing.Peers;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tofusoup.stock.BatchItem;
import tofusoup.stock.TradeFill;
import tofusoup.stock.TradeOrder;
import tofusoup.stock.session.Directive;
import tofusoup.stock.session.Fail;
import tofusoup.stock.session.Header;
import tofusoup.stock.session.Observation;

final class DirectiveTest {
  private final AtomicReference<Metadata> headers = new AtomicReference<>();
  private final AtomicReference<Metadata> trailers = new AtomicReference<>();
  private Peers peers;

  @BeforeEach
  void connect() throws Exception {
    peers = new Peers();
  }

  @AfterEach
  void disconnect() throws Exception {
    peers.close();
  }

  private Calls calls(Directive.Builder directive, Duration timeout) {
    return calls(directive.build().toByteArray(), timeout);
  }

  private Calls calls(Directive.Builder directive) {
    return calls(directive, Peers.PATIENCE);
  }

  private Calls calls(byte[] directive, Duration timeout) {
    Channel channel =
        ClientInterceptors.intercept(
            peers.channel(),
            Peers.directed(directive),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    return new Calls(channel, timeout);
  }

  private static Directive.Builder failing(int after) {
    Fail fail =
        Fail.newBuilder()
            .setCode(Status.Code.ABORTED.value())
            .setMessage("enough")
            .setDetails(ByteString.copyFromUtf8("details"))
            .setAfter(after)
            .build();
    return Directive.newBuilder().setFail(fail);
  }

  private static Status status(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(StatusRuntimeException.class, call).getStatus();
  }

  @Test
  void storesAreApart() {
    Calls one = calls(Directive.newBuilder().setStore("one"));
    one.put("key", ByteString.EMPTY);
    assertEquals(1, one.inventory().getTotalItems());
    assertEquals(0, calls(Directive.newBuilder()).inventory().getTotalItems());
  }

  @Test
  void metadataIsSentWithWhateverStatus() {
    var metadata =
        tofusoup.stock.session.Metadata.newBuilder()
            .addEntries(Header.newBuilder().setName("x-a").setValue(ByteString.copyFromUtf8("1")))
            .addEntries(Header.newBuilder().setName("x-a").setValue(ByteString.copyFromUtf8("2")))
            .addEntries(Header.newBuilder().setName("x-bin").setValue(ByteString.fromHex("00ff")))
            .build();
    Calls failing = calls(failing(0).setHeaders(metadata).setTrailers(metadata));
    assertEquals(Status.Code.ABORTED, status(failing::inventory).getCode());
    assertTrue(
        Headers.fromGrpc(headers.get()).getEntriesList().containsAll(metadata.getEntriesList()));
    assertTrue(
        Headers.fromGrpc(trailers.get()).getEntriesList().containsAll(metadata.getEntriesList()));
    assertEquals("details", new String(trailers.get().get(Headers.DETAILS), UTF_8));
  }

  @Test
  void failuresComeInTime() {
    assertEquals("enough", status(() -> calls(failing(3)).inventory()).getDescription());
    List<TradeOrder> orders =
        List.of(TradeOrder.getDefaultInstance(), TradeOrder.getDefaultInstance());
    try (Responses<TradeFill> fills = calls(failing(2)).trade(orders)) {
      fills.next();
      fills.next();
      assertEquals("enough", status(fills::hasNext).getDescription());
    }
    BatchItem item = BatchItem.newBuilder().setKey("key").build();
    Calls batches = calls(failing(1).setStore("batch"));
    assertEquals("enough", status(() -> batches.batch(List.of(item, item))).getDescription());
    assertEquals(1, calls(Directive.newBuilder().setStore("batch")).inventory().getTotalItems());
  }

  @Test
  void whatDoesNotDecodeIsBad() {
    for (byte[] bad :
        List.of(
            new byte[] {0x0A, (byte) 0xFF},
            failing(0).setFail(Fail.newBuilder().setCode(17)).build().toByteArray())) {
      Status status = status(() -> calls(bad, Peers.PATIENCE).inventory());
      assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
      assertEquals("bad directive", status.getDescription());
    }
  }

  @Test
  void faultsTellNothing() throws Exception {
    Status status =
        status(() -> calls(Directive.newBuilder().setThrow(true).setTag("t")).inventory());
    assertEquals("UNKNOWN handler failed", status.getCode() + " " + status.getDescription());
    assertEquals("t", peers.observed().getTag());
  }

  @Test
  void observationsTellOfTheCall() throws Exception {
    calls(Directive.newBuilder().setTag("one")).inventory();
    Observation one = peers.observed().getObservation();
    assertEquals(1, one.getMessagesRead());
    assertEquals(1, one.getMessagesSent());
    assertFalse(one.getCancelled());
    assertTrue(one.getDeadlineNs() > 0);
    assertTrue(
        one.getMetadata().getEntriesList().stream()
            .anyMatch(entry -> entry.getName().equals("stock-directive-bin")));
  }

  @Test
  void aHeldCallIsLetGo() throws Exception {
    Directive.Builder held = Directive.newBuilder().setTag("held").setDelayMs(60_000);
    Duration soon = Duration.ofMillis(300);
    status(() -> calls(held, soon).put("key", ByteString.EMPTY));
    Observation observation = peers.observed().getObservation();
    assertTrue(observation.getCancelled());
    assertEquals(0, observation.getMessagesSent());
    assertEquals(0, calls(Directive.newBuilder()).inventory().getTotalItems());
  }
}
