package dev.tofusoup.stock.session

import com.google.protobuf.ByteString
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import munit.Assertions.assertEquals
import scala.concurrent.duration.Duration
import tofusoup.stock.GetRequest
import tofusoup.stock.PutRequest
import tofusoup.stock.TradeOrder
import tofusoup.stock.WatchRequest
import tofusoup.stock.session.Cancel
import tofusoup.stock.session.CloseChannel
import tofusoup.stock.session.Command.Command as Order
import tofusoup.stock.session.Event
import tofusoup.stock.session.Failure
import tofusoup.stock.session.Forget
import tofusoup.stock.session.HalfClose
import tofusoup.stock.session.Listen
import tofusoup.stock.session.OpenChannel
import tofusoup.stock.session.Receive
import tofusoup.stock.session.Request
import tofusoup.stock.session.Request.Request as Asked
import tofusoup.stock.session.Rpc
import tofusoup.stock.session.Security
import tofusoup.stock.session.Send
import tofusoup.stock.session.Start
import tofusoup.stock.session.Stop

class SessionTest extends munit.FunSuite:
  import SessionTest.*

  private val pair = FunFixture[Pair](_ => connect(), _.close())

  pair.test("a unary call is one frame"): peers =>
    val client = peers.client
    val _ = client.start(start(Rpc.RPC_PUT, put("key")))
    val stored = client.event().getEvents
    assert(stored.status.isDefined && stored.headers.isDefined && stored.responses.head.response.isPut)
    val missing = client.result(client.start(start(Rpc.RPC_GET, get("other"))))
    assertEquals((missing.getStatus.code, missing.getStatus.message), (5, "key not found: other"))
    assertEquals(missing.headers, None)
    assertEquals(client.result(client.start(start(Rpc.RPC_ABSENT_GET, get("key")))).getStatus.code, 12)

  pair.test("headers of a stream come at once and credit is kept"): peers =>
    val client = peers.client
    val all = Asked.Monitor(WatchRequest())
    val monitor = client.start(start(Rpc.RPC_MONITOR, all).copy(credit = 1))
    val begun = client.event().getEvents
    assert(begun.headers.isDefined && begun.responses.isEmpty)
    var seen = 0
    for key <- Seq("a", "b", "c") do
      val call = client.start(start(Rpc.RPC_PUT, put(key)))
      seen += Iterator.continually(client.event().getEvents).takeWhile(_.call != call).map(_.responses.size).sum
    assert(seen <= 1, s"more than the credit: $seen")
    val _ = client.command(Order.Receive(Receive(monitor)))
    while seen < 3 do seen += client.event().getEvents.responses.size
    val _ = client.command(Order.Cancel(Cancel(monitor)))
    assertEquals(client.result(monitor).getStatus.code, 1)

  pair.test("trades answer before the half-close"): peers =>
    val client = peers.client
    val trade = client.start(start(Rpc.RPC_TRADE, Buy))
    while client.event().getEvents.responses.isEmpty do ()
    val _ = client.command(Order.Send(Send(trade, Seq(Request(Buy)))))
    assertEquals(client.event().getEvents.responses.size, 1)
    val _ = client.command(Order.HalfClose(HalfClose(trade)))
    assertEquals(client.result(trade).getStatus.code, 0)
    // It has ended: ignored.
    val _ = client.command(Order.HalfClose(HalfClose(trade)))
    val _ = client.command(Order.Cancel(Cancel(trade + 1)))
    assert(client.failure().reason.contains("never was one"))

  pair.test("a closed channel cancels its calls"): peers =>
    val client = peers.client
    val trade = client.start(start(Rpc.RPC_TRADE))
    val _ = client.command(Order.CloseChannel(CloseChannel(1)))
    assertEquals(client.result(trade).getStatus.code, 1)
    val _ = client.start(start(Rpc.RPC_GET, get("key")))
    assertEquals(client.failure().reason, "channel: 1 given, which is not open")

  pair.test("without a server requests are unsent"): peers =>
    val _ = peers.server.command(Order.Stop(Stop(1)))
    assertEquals(peers.server.event().getStopped.listener, 1)
    val ended = peers.client.result(peers.client.start(start(Rpc.RPC_TRADE, Buy))).getStatus
    assertEquals((ended.code, ended.unsent), (14, 1))

  pair.test("what cannot be obeyed changes nothing"): peers =>
    val refused = Seq(
      start(Rpc.RPC_KV_PUT, put("key")),
      start(Rpc.RPC_PUT),
      start(Rpc.RPC_PUT, put("a"), put("b")),
      start(Rpc.RPC_UNSPECIFIED),
      start(Rpc.RPC_TRADE).copy(timeoutNs = -1),
      start(Rpc.RPC_TRADE, Asked.Empty)
    )
    for each <- refused do
      val _ = peers.client.start(each)
      assert(peers.client.failure().reason.nonEmpty)
    val id = peers.client.command(Order.Forget(Forget()))
    assertEquals(peers.client.failure().id, id)
    val listens = Seq(
      listen(1),
      listen(2).copy(host = "localhost"),
      listen(2).copy(host = "0.0.0.0"),
      listen(2).copy(port = 65536),
      listen(2).copy(security = Security.SECURITY_UNSPECIFIED),
      listen(2).copy(security = Security.SECURITY_TLS)
    )
    for each <- listens do
      val _ = peers.server.command(Order.Listen(each))
      assert(peers.server.failure().reason.nonEmpty)

  test("frames that are none"):
    assertEquals(Frames.read(ByteArrayInputStream(Array.emptyByteArray)), Right(None))
    for input <- Seq(Seq(0, 0), Seq(0, 0, 0, 5, 1), Seq(1, 0, 0, 1), Seq(0, 0, 0, 1, 1)) do
      assert(Frames.read(ByteArrayInputStream(input.map(_.toByte).toArray)).isLeft, input)
    val output = ByteArrayOutputStream()
    val large = Event(Event.Event.Failure(Failure(1, "a" * Frames.MaxBytes)))
    assert(!Frames.write(large, output))
    assertEquals(output.size, 0)

object SessionTest:
  private val Host = "127.0.0.1"
  private val Buy = Asked.Trade(TradeOrder(symbol = "acme", quantity = 1))

  /** A runner of each role, and a channel between what they drive. */
  final private case class Pair(server: Runner, client: Runner):
    def close(): Unit =
      client.close()
      server.close()

  private def connect(): Pair =
    val server = Runner.drive: (input, output) =>
      val serving = ServerSession(output)
      assertEquals(serving.run(input), Right(()))
      serving.end(Duration.Zero)
    val client = Runner.drive: (input, output) =>
      val calling = ClientSession(output)
      assertEquals(calling.run(input), Right(()))
      calling.end()
    assertEquals(server.event().getHello.language, "scala")
    assertEquals(client.event().getHello.protocol, 1)
    val _ = server.command(Order.Listen(listen(1)))
    val port = server.event().getListening.port
    val _ = client.command(Order.OpenChannel(OpenChannel(1, Host, port, Security.SECURITY_PLAINTEXT)))
    Pair(server, client)

  private def listen(number: Int): Listen =
    Listen(listener = number, host = Host, security = Security.SECURITY_PLAINTEXT)

  private def start(rpc: Rpc, requests: Asked*): Start = Start(rpc = rpc, requests = requests.map(Request(_)))

  private def get(key: String): Asked = Asked.Get(GetRequest(key))

  private def put(key: String): Asked = Asked.Put(PutRequest(key, ByteString.copyFromUtf8("value")))
