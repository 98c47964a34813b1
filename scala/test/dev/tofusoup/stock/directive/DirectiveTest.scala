package dev.tofusoup.stock.directive

import com.google.protobuf.ByteString
import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.headers.Headers
import dev.tofusoup.stock.testing.Peers
import io.grpc.ClientInterceptors
import io.grpc.Metadata
import io.grpc.Status
import io.grpc.stub.MetadataUtils
import java.util.concurrent.atomic.AtomicReference
import scala.concurrent.duration.DurationInt
import scala.concurrent.duration.FiniteDuration
import scala.util.Try
import tofusoup.stock.BatchItem
import tofusoup.stock.TradeOrder
import tofusoup.stock.session
import tofusoup.stock.session.Directive
import tofusoup.stock.session.Fail
import tofusoup.stock.session.Header

class DirectiveTest extends munit.FunSuite:
  private val peers = FunFixture[Peers](_ => Peers.connect(), _.close())
  private val headers = AtomicReference[Metadata]()
  private val trailers = AtomicReference[Metadata]()

  extension (peers: Peers)
    private def calls(directive: Directive, timeout: FiniteDuration = Peers.Patience): Calls =
      peers.calls(directive.toByteArray, timeout)

    private def calls(directive: Array[Byte], timeout: FiniteDuration): Calls =
      val capture = MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)
      Calls(ClientInterceptors.intercept(peers.channel, Peers.directed(directive), capture), Some(timeout))

  private def failing(after: Int): Directive =
    Directive().withFail(Fail(Status.Code.ABORTED.value, "enough", ByteString.copyFromUtf8("details"), after))

  private def status(call: => Any): Status = Try(call).failed.map(Status.fromThrowable).get

  private def enough(call: => Any): Unit = assertEquals(Option(status(call).getDescription), Some("enough"))

  peers.test("stores are apart"): peers =>
    val one = peers.calls(Directive(store = "one"))
    one.put("key", ByteString.EMPTY)
    assertEquals(one.inventory().totalItems, 1L)
    assertEquals(peers.calls(Directive()).inventory().totalItems, 0L)

  peers.test("metadata is sent with whatever status"): peers =>
    val entries = Seq(
      Header("x-a", ByteString.copyFromUtf8("1")),
      Header("x-a", ByteString.copyFromUtf8("2")),
      Header("x-bin", ByteString.fromHex("00ff"))
    )
    val metadata = session.Metadata(entries)
    val calls = peers.calls(failing(0).withHeaders(metadata).withTrailers(metadata))
    assertEquals(status(calls.inventory()).getCode, Status.Code.ABORTED)
    assertEquals(entries.diff(Headers.fromGrpc(headers.get).entries), Nil)
    assertEquals(entries.diff(Headers.fromGrpc(trailers.get).entries), Nil)
    val details = Option(trailers.get.get(Headers.Details)).map(String(_, "UTF-8"))
    assertEquals(details, Some("details"))

  peers.test("failures come in time"): peers =>
    enough(peers.calls(failing(3)).inventory())
    peers
      .calls(failing(2))
      .trade(Seq.fill(3)(TradeOrder())): fills =>
        val _ = fills.next()
        val _ = fills.next()
        enough(fills.hasNext)
    val batches = peers.calls(failing(1).withStore("batch"))
    enough(batches.batch(Seq.fill(2)(BatchItem("key"))))
    assertEquals(peers.calls(Directive(store = "batch")).inventory().totalItems, 1L)

  peers.test("what does not decode is bad"): peers =>
    val wrong = Directive().withFail(Fail(code = 17)).toByteArray
    for bad <- Seq(Array(0x0a.toByte, 0xff.toByte), wrong) do
      val answer = status(peers.calls(bad, Peers.Patience).inventory())
      assertEquals((answer.getCode, answer.getDescription), (Status.Code.INVALID_ARGUMENT, "bad directive"))

  peers.test("faults tell nothing"): peers =>
    val answer = status(peers.calls(Directive(`throw` = true, tag = "t")).inventory())
    assertEquals((answer.getCode, answer.getDescription), (Status.Code.UNKNOWN, "handler failed"))
    assertEquals(peers.observed().tag, "t")

  peers.test("observations tell of the call"): peers =>
    val _ = peers.calls(Directive(tag = "one")).inventory()
    val seen = peers.observed().getObservation
    assertEquals((seen.messagesRead, seen.messagesSent, seen.cancelled), (1, 1, false))
    assert(seen.deadlineNs.exists(_ > 0))
    assert(seen.getMetadata.entries.exists(_.name == "stock-directive-bin"))

  peers.test("a held call is let go"): peers =>
    val held = Directive(tag = "held", delayMs = 60_000)
    val _ = status(peers.calls(held, 300.millis).put("key", ByteString.EMPTY))
    val seen = peers.observed().getObservation
    assertEquals((seen.cancelled, seen.messagesSent), (true, 0))
    assertEquals(peers.calls(Directive()).inventory().totalItems, 0L)
