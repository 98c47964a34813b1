package dev.tofusoup.stock.service

import com.google.protobuf.ByteString
import dev.tofusoup.stock.About
import dev.tofusoup.stock.testing.Peers
import io.grpc.Status
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import scala.util.Try
import tofusoup.stock.BatchItem
import tofusoup.stock.BatchSummary
import tofusoup.stock.TradeOrder
import tofusoup.stock.TradeOrder.OrderType

class ServiceTest extends munit.FunSuite:
  private val value = ByteString.copyFromUtf8("value")
  private val peers = FunFixture[Peers](_ => Peers.connect(), _.close())

  private def assertFails(code: Status.Code, message: String)(call: => Any): Unit =
    val status = Try(call).failed.map(Status.fromThrowable).get
    assertEquals((status.getCode, Option(status.getDescription)), (code, Some(message)))

  peers.test("keys and values"): peers =>
    val calls = peers.calls
    calls.put("key", value)
    assertEquals(calls.get("key"), value)
    assertEquals(calls.kvGet("key"), value)
    calls.kvPut("key", ByteString.EMPTY)
    assertEquals(calls.get("key"), ByteString.EMPTY)
    calls.delete("key")
    assertFails(Status.Code.NOT_FOUND, "key not found: key")(calls.get("key"))
    assertFails(Status.Code.NOT_FOUND, "key not found: key")(calls.kvGet("key"))
    assertFails(Status.Code.NOT_FOUND, "key not found: key")(calls.delete("key"))
    val invalid = "invalid key: 1 to 1024 bytes of UTF-8 without NUL"
    assertFails(Status.Code.INVALID_ARGUMENT, invalid)(calls.put("", value))
    assertFails(Status.Code.INVALID_ARGUMENT, invalid)(calls.monitor("\u0000")(_.next()))

  peers.test("inventory tells of the server"): peers =>
    peers.calls.put("key", value)
    val status = peers.calls.inventory()
    assertEquals((status.totalItems, status.totalBytes), (1L, value.size.toLong))
    assertEquals(status.serverVersion, About.Version)
    assertEquals(status.metadata("language"), "scala")
    assertEquals(status.metadata("tls_stack"), "boringssl")
    assertEquals(status.metadata("security"), "plaintext")
    assertEquals(peers.calls.health("proto.KV"), ServingStatus.SERVING)

  peers.test("batches count"): peers =>
    val items = Seq(BatchItem("a", value), BatchItem("", value))
    assertEquals(peers.calls.batch(items), BatchSummary(2, 1, 1, value.size.toLong))
    assertEquals(peers.calls.batch(Nil), BatchSummary())

  peers.test("monitors see what comes after them"): peers =>
    peers.calls.monitor(""): events =>
      // Put until the subscription is there to see it.
      Thread(() => (0 until 1000).foreach(i => peers.calls.put(s"$i", value))).start()
      val first = events.next()
      assertEquals(events.next().key, s"${first.key.toInt + 1}")
      assert(first.timestamp > 0)

  peers.test("trades answer each order"): peers =>
    val orders = Vector.fill(500)(TradeOrder(symbol = "acme", quantity = 1))
    val fills = peers.calls.trade(orders)(_.toVector)
    assertEquals(fills.map(fill => (fill.success, fill.quantityFilled)), Vector.fill(500)((true, 1)))
    val odd = Seq(TradeOrder(OrderType.Unrecognized(9), "acme"), TradeOrder(OrderType.QUERY, "acme"))
    val answers = peers.calls.trade(odd)(_.map(fill => (fill.message, fill.quantityFilled)).toVector)
    assertEquals(answers, Vector(("unknown order type: 9", 0), ("position", 500)))
