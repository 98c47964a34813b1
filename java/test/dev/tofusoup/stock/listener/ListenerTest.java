package dev.tofusoup.stock.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tofusoup.stock.calls.Calls;
import dev.tofusoup.stock.calls.Endpoint;
import dev.tofusoup.stock.calls.Responses;
import dev.tofusoup.stock.calls.StockChannel;
import dev.tofusoup.stock.credentials.Credentials;
import dev.tofusoup.stock.credentials.Identity;
import dev.tofusoup.stock.credentials.Pem;
import dev.tofusoup.stock.store.Stores;
import dev.tofusoup.stock.testing.Peers;
import dev.tofusoup.stock.testing.TestIdentity;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tofusoup.stock.TradeFill;
import tofusoup.stock.TradeOrder;
import tofusoup.stock.WatchEvent;

final class ListenerTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static Listener listen(InetAddress host, int port) throws IOException {
    Binding binding = new Binding(host, port, Binding.PLAINTEXT, null, 1000);
    return new Listener(binding, new Stores(), List.of());
  }

  /** A loopback address of the test's own: no other program gets a port there that it gave up. */
  private static InetAddress ownLoopback() throws IOException {
    byte[] address = new byte[4];
    ThreadLocalRandom.current().nextBytes(address);
    address[0] = 127;
    address[3] = 77;
    return InetAddress.getByAddress(address);
  }

  @Test
  void aTakenPortIsRefusedAndADrainedOneIsNot() throws Exception {
    InetAddress host = ownLoopback();
    Listener listener = listen(host, 0);
    int port = listener.port();
    String message = assertThrows(IOException.class, () -> listen(host, port)).getMessage();
    String expected = "cannot bind " + host.getHostAddress() + ":" + port + ": ";
    assertTrue(message.startsWith(expected), message);
    listener.drain(Duration.ZERO);
    listen(host, port).drain(Duration.ZERO);
  }

  @Test
  void theDrainEndsWhatHasNoEndAndWaitsForTheRest() throws Exception {
    try (Peers peers = new Peers()) {
      Calls calls = new Calls(peers.channel(), Peers.PATIENCE);
      TradeOrder order = TradeOrder.newBuilder().setSymbol("acme").setQuantity(1).build();
      try (Responses<TradeFill> fills = calls.trade(List.of(order));
          Responses<WatchEvent> events = calls.monitor("")) {
        calls.put("key", ByteString.EMPTY);
        fills.next();
        Thread drain = new Thread(() -> drain(peers.listener(), Duration.ofSeconds(10)));
        drain.start();
        Status status = assertThrows(StatusRuntimeException.class, () -> all(events)).getStatus();
        assertEquals(Status.Code.UNAVAILABLE, status.getCode());
        assertEquals("server shutting down", status.getDescription());
        assertTrue(!fills.hasNext());
        drain.join(5000);
        assertTrue(!drain.isAlive(), "the drain goes on without a call");
      }
    }
  }

  private static void all(Responses<WatchEvent> events) {
    while (events.hasNext()) {
      events.next();
    }
  }

  private static void drain(Listener listener, Duration grace) {
    try {
      listener.drain(grace);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void peersThatDoNothingHoldNothing() throws Exception {
    Listener listener = listen(LOOPBACK, 0);
    try (Socket half = new Socket(LOOPBACK, listener.port())) {
      long begun = System.nanoTime();
      listener.drain(Duration.ofSeconds(30));
      assertTrue(System.nanoTime() - begun < Duration.ofSeconds(5).toNanos());
      awaitEnd(half);
    }
  }

  /** Waits for the end of a connection: a reset where the server has not read all. */
  private static void awaitEnd(Socket connection) throws IOException {
    try {
      connection.getInputStream().readAllBytes();
    } catch (SocketException reset) {
      assertEquals("Connection reset", reset.getMessage());
    }
  }

  @Test
  void messagesHaveALimit() throws Exception {
    Listener listener = listen(LOOPBACK, 0);
    InetSocketAddress address = new InetSocketAddress(LOOPBACK, listener.port());
    try (StockChannel channel = new StockChannel(new Endpoint(address, null, null, 1000))) {
      Calls calls = new Calls(channel.channel(), Peers.PATIENCE);
      calls.put("key", ByteString.copyFrom(new byte[900]));
      var error =
          assertThrows(
              StatusRuntimeException.class,
              () -> calls.put("key", ByteString.copyFrom(new byte[1001])));
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, error.getStatus().getCode());
    }
    listener.drain(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tlsVerifiesBothEnds(boolean mutual, @TempDir Path folder) throws Exception {
    TestIdentity own = TestIdentity.mint(folder);
    TestIdentity other = TestIdentity.mint(folder);
    Identity identity = Identity.parse(own.chain(), own.key());
    var context = Credentials.server(identity, mutual ? identity.chain() : null);
    Binding binding = new Binding(LOOPBACK, 0, mutual ? "mtls" : "tls", context, 4 << 20);
    Listener listener = new Listener(binding, new Stores(), List.of());
    Identity offered = mutual ? identity : null;
    assertEquals(
        binding.security(),
        new Calls(channel(listener, own.chain(), offered), Peers.PATIENCE)
            .inventory()
            .getMetadataOrThrow("security"));
    var strangers = new Calls(channel(listener, other.chain(), offered), Peers.PATIENCE);
    unavailable(strangers);
    if (mutual) {
      unavailable(new Calls(channel(listener, own.chain(), null), Peers.PATIENCE));
    }
    listener.drain(Duration.ZERO);
  }

  @Test
  void aSubjectIsNoNameOfAServer(@TempDir Path folder) throws Exception {
    TestIdentity own = TestIdentity.mintWithoutNames(folder);
    var context = Credentials.server(Identity.parse(own.chain(), own.key()), null);
    Binding binding = new Binding(LOOPBACK, 0, "tls", context, 4 << 20);
    Listener listener = new Listener(binding, new Stores(), List.of());
    unavailable(new Calls(channel(listener, own.chain(), null), Peers.PATIENCE));
    listener.drain(Duration.ZERO);
  }

  private static io.grpc.Channel channel(Listener listener, byte[] roots, Identity identity)
      throws Exception {
    InetSocketAddress address = new InetSocketAddress(LOOPBACK, listener.port());
    var context = Credentials.client(Pem.roots(roots), identity);
    return new StockChannel(new Endpoint(address, context, "localhost", 4 << 20)).channel();
  }

  private static void unavailable(Calls calls) {
    var error = assertThrows(StatusRuntimeException.class, calls::inventory);
    assertEquals(Status.Code.UNAVAILABLE, error.getStatus().getCode());
  }
}
