package dev.tofusoup.stock.listener

import com.google.protobuf.ByteString
import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.store.Stores
import dev.tofusoup.stock.testing.Peers
import dev.tofusoup.stock.testing.TestIdentity
import io.grpc.Status
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Socket
import java.nio.file.Files
import java.util.concurrent.ThreadLocalRandom
import scala.concurrent.duration.Duration
import scala.concurrent.duration.DurationInt
import scala.util.Try
import scala.util.Using
import tofusoup.stock.TradeOrder

class ListenerTest extends munit.FunSuite:
  private val folder = Files.createTempDirectory("listener")

  private def plain(host: InetAddress, port: Int): Binding = Binding(host, port, None, 1000)

  /** A loopback address of the test's own: no other program gets a port there that it gave up. */
  private def ownLoopback(): InetAddress =
    val (second, third) = (ThreadLocalRandom.current.nextInt(256), ThreadLocalRandom.current.nextInt(256))
    InetAddress.getByAddress(Array(127, second, third, 77).map(_.toByte))

  private def right[A](result: Either[Any, A]): A = result.fold(error => fail(s"$error"), identity)

  private def parsed(minted: TestIdentity): Identity = right(Identity.parse(minted.chain, minted.key))

  private def calls(listener: Listener, roots: TestIdentity, offered: Option[Identity]): Calls =
    val address = InetSocketAddress(Peers.Loopback, listener.port)
    val context = right(Pem.roots(roots.chain).flatMap(known => Credentials.client(Some(known), offered)))
    val endpoint = Endpoint(address, Some(context), Some("localhost"), Peers.Limit)
    new Calls(StockChannel(endpoint).channel, Some(Peers.Patience))

  private def assertFails(code: Status.Code)(call: => Any): Unit =
    assertEquals(Try(call).failed.map(Status.fromThrowable(_).getCode).toOption, Some(code))

  test("a taken port is refused and a drained one is not"):
    val host = ownLoopback()
    val listener = Peers.opened(plain(host, 0))
    val reason = Listener.open(plain(host, listener.port), Stores(), Vector.empty).left.toOption
    assert(reason.exists(_.startsWith(s"cannot bind ${host.getHostAddress}:${listener.port}: ")), reason)
    listener.drain(Duration.Zero)
    Peers.opened(plain(host, listener.port)).drain(Duration.Zero)

  test("the drain ends what has no end and waits for the rest"):
    Using.resource(Peers.connect()): peers =>
      peers.calls.trade(Seq(TradeOrder(symbol = "acme", quantity = 1))): fills =>
        peers.calls.monitor(""): events =>
          val _ = fills.next()
          val drain = Thread(() => peers.listener.drain(10.seconds))
          drain.start()
          val status = Status.fromThrowable(Try(events.foreach(_ => ())).failed.get)
          assertEquals((status.getCode, status.getDescription), (Status.Code.UNAVAILABLE, "server shutting down"))
          assert(!fills.hasNext)
          drain.join(5000)
          assert(!drain.isAlive, "the drain goes on without a call")

  test("peers that do nothing hold nothing"):
    val listener = Peers.opened(plain(Peers.Loopback, 0))
    Using.resource(Socket(Peers.Loopback, listener.port)): half =>
      val begun = System.nanoTime()
      listener.drain(30.seconds)
      assert(System.nanoTime() - begun < 5.seconds.toNanos)
      // A reset where the server has not read all.
      try assert(half.getInputStream.readAllBytes().length < 1000)
      catch case e: IOException => assertEquals(e.getMessage, "Connection reset")

  test("messages have a limit"):
    val listener = Peers.opened(plain(Peers.Loopback, 0))
    val endpoint = Endpoint(InetSocketAddress(Peers.Loopback, listener.port), None, None, 1000)
    Using.resource(StockChannel(endpoint)): channel =>
      val calls = new Calls(channel.channel, Some(Peers.Patience))
      calls.put("key", ByteString.copyFrom(Array.ofDim[Byte](900)))
      assertFails(Status.Code.RESOURCE_EXHAUSTED)(calls.put("key", ByteString.copyFrom(Array.ofDim[Byte](1001))))
      val long = TradeOrder(symbol = "s" * 1001)
      assertFails(Status.Code.RESOURCE_EXHAUSTED):
        calls.trade(Seq(TradeOrder(symbol = "acme"), long))(_.toVector)
    listener.drain(Duration.Zero)

  for isMutual <- Seq(false, true) do
    test(s"TLS verifies ${if isMutual then "both ends" else "the server"}"):
      val (own, other) = (TestIdentity.mint(folder), TestIdentity.mint(folder))
      val identity = parsed(own)
      val tls = right(Credentials.server(identity, Option.when(isMutual)(identity.chain)))
      val binding = Binding(Peers.Loopback, 0, Some(tls), Peers.Limit)
      val listener = Peers.opened(binding)
      val offered = Option.when(isMutual)(identity)
      assertEquals(calls(listener, own, offered).inventory().metadata("security"), binding.security)
      assertFails(Status.Code.UNAVAILABLE)(calls(listener, other, offered).inventory())
      if isMutual then assertFails(Status.Code.UNAVAILABLE)(calls(listener, own, None).inventory())
      listener.drain(Duration.Zero)

  test("a subject is no name of a server"):
    val own = TestIdentity.mintWithoutNames(folder)
    val tls = right(Credentials.server(parsed(own), None))
    val listener = Peers.opened(Binding(Peers.Loopback, 0, Some(tls), Peers.Limit))
    assertFails(Status.Code.UNAVAILABLE)(calls(listener, own, None).inventory())
    listener.drain(Duration.Zero)
