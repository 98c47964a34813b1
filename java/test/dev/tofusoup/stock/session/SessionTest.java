package dev.tofusoup.stock.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tofusoup.stock.GetRequest;
import tofusoup.stock.PutRequest;
import tofusoup.stock.TradeOrder;
import tofusoup.stock.WatchRequest;
import tofusoup.stock.session.Cancel;
import tofusoup.stock.session.CloseChannel;
import tofusoup.stock.session.Command;
import tofusoup.stock.session.Events;
import tofusoup.stock.session.Forget;
import tofusoup.stock.session.HalfClose;
import tofusoup.stock.session.Listen;
import tofusoup.stock.session.OpenChannel;
import tofusoup.stock.session.Receive;
import tofusoup.stock.session.Request;
import tofusoup.stock.session.Rpc;
import tofusoup.stock.session.Security;
import tofusoup.stock.session.Send;
import tofusoup.stock.session.Start;
import tofusoup.stock.session.Stop;

final class SessionTest {
  private static final String HOST = "127.0.0.1";

  private Runner server;
  private Runner client;

  @BeforeEach
  void connect() throws Exception {
    PipedInputStream serverInput = new PipedInputStream();
    PipedOutputStream serverOutput = new PipedOutputStream();
    server = new Runner(serverInput, serverOutput);
    ServerSession serving = new ServerSession(serverOutput);
    run(
        () -> {
          serving.run(serverInput);
          serving.end(Duration.ZERO);
        });
    PipedInputStream clientInput = new PipedInputStream();
    PipedOutputStream clientOutput = new PipedOutputStream();
    client = new Runner(clientInput, clientOutput);
    ClientSession calling = new ClientSession(clientOutput);
    run(
        () -> {
          calling.run(clientInput);
          calling.end();
        });
    assertEquals("java", server.event().getHello().getLanguage());
    assertEquals(1, client.event().getHello().getProtocol());
    server.command(Command.newBuilder().setListen(listen(1)));
    openChannel(server.event().getListening().getPort());
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void run(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static Listen.Builder listen(int number) {
    return Listen.newBuilder()
        .setListener(number)
        .setHost(HOST)
        .setSecurity(Security.SECURITY_PLAINTEXT);
  }

  private void openChannel(int port) throws IOException {
    client.command(
        Command.newBuilder()
            .setOpenChannel(
                OpenChannel.newBuilder()
                    .setChannel(1)
                    .setHost(HOST)
                    .setPort(port)
                    .setSecurity(Security.SECURITY_PLAINTEXT)));
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
    server.close();
  }

  private static Start.Builder start(Rpc rpc, Request.Builder... requests) {
    Start.Builder start = Start.newBuilder().setRpc(rpc);
    for (Request.Builder request : requests) {
      start.addRequests(request);
    }
    return start;
  }

  private static Request.Builder get(String key) {
    return Request.newBuilder().setGet(GetRequest.newBuilder().setKey(key));
  }

  private static Request.Builder put(String key) {
    ByteString value = ByteString.copyFromUtf8("value");
    return Request.newBuilder().setPut(PutRequest.newBuilder().setKey(key).setValue(value));
  }

  private static Request.Builder buy() {
    return Request.newBuilder().setTrade(TradeOrder.newBuilder().setSymbol("acme").setQuantity(1));
  }

  @Test
  void aUnaryCallIsOneFrame() throws Exception {
    client.start(start(Rpc.RPC_PUT, put("key")));
    Events put = client.event().getEvents();
    assertTrue(put.hasStatus() && put.hasHeaders() && put.getResponses(0).hasPut());
    int call = client.start(start(Rpc.RPC_GET, get("other")));
    Events missing = client.result(call);
    assertEquals(5, missing.getStatus().getCode());
    assertEquals("key not found: other", missing.getStatus().getMessage());
    assertFalse(missing.hasHeaders());
    call = client.start(start(Rpc.RPC_ABSENT_GET, get("key")));
    assertEquals(12, client.result(call).getStatus().getCode());
  }

  @Test
  void headersOfAStreamComeAtOnceAndCreditIsKept() throws Exception {
    WatchRequest all = WatchRequest.getDefaultInstance();
    int monitor =
        client.start(start(Rpc.RPC_MONITOR, Request.newBuilder().setMonitor(all)).setCredit(1));
    Events headers = client.event().getEvents();
    assertTrue(headers.hasHeaders() && headers.getResponsesCount() == 0);
    int seen = 0;
    for (String key : List.of("a", "b", "c")) {
      int call = client.start(start(Rpc.RPC_PUT, put(key)));
      for (Events events = client.event().getEvents();
          events.getCall() != call;
          events = client.event().getEvents()) {
        seen += events.getResponsesCount();
      }
    }
    assertTrue(seen <= 1, "more than the credit: " + seen);
    client.command(Command.newBuilder().setReceive(Receive.newBuilder().setCall(monitor)));
    for (; seen < 3; seen += client.event().getEvents().getResponsesCount()) {}
    client.command(Command.newBuilder().setCancel(Cancel.newBuilder().setCall(monitor)));
    assertEquals(1, client.result(monitor).getStatus().getCode());
  }

  @Test
  void tradesAnswerBeforeTheHalfClose() throws Exception {
    int trade = client.start(start(Rpc.RPC_TRADE, buy()));
    while (client.event().getEvents().getResponsesCount() == 0) {}
    client.command(
        Command.newBuilder().setSend(Send.newBuilder().setCall(trade).addRequests(buy())));
    assertEquals(1, client.event().getEvents().getResponsesCount());
    client.command(Command.newBuilder().setHalfClose(HalfClose.newBuilder().setCall(trade)));
    assertEquals(0, client.result(trade).getStatus().getCode());
    // It has ended: ignored.
    client.command(Command.newBuilder().setHalfClose(HalfClose.newBuilder().setCall(trade)));
    client.command(Command.newBuilder().setCancel(Cancel.newBuilder().setCall(trade + 1)));
    assertTrue(client.failure().getReason().contains("never was one"));
  }

  @Test
  void aClosedChannelCancelsItsCalls() throws Exception {
    int trade = client.start(start(Rpc.RPC_TRADE));
    client.command(Command.newBuilder().setCloseChannel(CloseChannel.newBuilder().setChannel(1)));
    assertEquals(1, client.result(trade).getStatus().getCode());
    client.start(start(Rpc.RPC_GET, get("key")));
    assertEquals("channel: 1 given, which is not open", client.failure().getReason());
  }

  @Test
  void withoutAServerRequestsAreUnsent() throws Exception {
    server.command(Command.newBuilder().setStop(Stop.newBuilder().setListener(1)));
    assertEquals(1, server.event().getStopped().getListener());
    int trade = client.start(start(Rpc.RPC_TRADE, buy()));
    Events events = client.result(trade);
    assertEquals(14, events.getStatus().getCode());
    assertEquals(1, events.getStatus().getUnsent());
  }

  @Test
  void whatCannotBeObeyedChangesNothing() throws Exception {
    List<Start.Builder> refused =
        List.of(
            start(Rpc.RPC_KV_PUT, put("key")),
            start(Rpc.RPC_PUT),
            start(Rpc.RPC_PUT, put("a"), put("b")),
            start(Rpc.RPC_UNSPECIFIED),
            start(Rpc.RPC_TRADE).setTimeoutNs(-1),
            start(Rpc.RPC_TRADE, Request.newBuilder()));
    for (Start.Builder each : refused) {
      client.start(each);
      assertFalse(client.failure().getReason().isEmpty());
    }
    int id = client.command(Command.newBuilder().setForget(Forget.getDefaultInstance()));
    assertEquals(id, client.failure().getId());
    List<Listen.Builder> listens =
        List.of(
            listen(1),
            listen(2).setHost("localhost"),
            listen(2).setHost("0.0.0.0"),
            listen(2).setPort(65_536),
            listen(2).setSecurity(Security.SECURITY_UNSPECIFIED),
            listen(2).setSecurity(Security.SECURITY_TLS));
    for (Listen.Builder each : listens) {
      server.command(Command.newBuilder().setListen(each));
      assertFalse(server.failure().getReason().isEmpty());
    }
  }

  @Test
  void framesThatAreNone() throws Exception {
    assertNull(Frames.read(new ByteArrayInputStream(new byte[0])));
    for (byte[] input :
        List.of(
            new byte[] {0, 0},
            new byte[] {0, 0, 0, 5, 1},
            new byte[] {1, 0, 0, 1},
            new byte[] {0, 0, 0, 1, 1})) {
      assertThrows(FrameException.class, () -> Frames.read(new ByteArrayInputStream(input)));
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteString large = ByteString.copyFrom(new byte[Frames.MAX_BYTES]);
    PutRequest message = PutRequest.newBuilder().setValue(large).build();
    assertFalse(Frames.write(message, output));
    assertEquals(0, output.size());
  }
}
