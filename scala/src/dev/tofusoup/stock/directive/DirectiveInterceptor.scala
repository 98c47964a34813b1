package dev.tofusoup.stock.directive

import com.google.protobuf.InvalidProtocolBufferException
import dev.tofusoup.stock.service.CallContext
import dev.tofusoup.stock.store.Stores
import io.grpc.Context
import io.grpc.Contexts
import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.ServerCallHandler
import io.grpc.ServerInterceptor
import io.grpc.Status
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.MILLISECONDS
import tofusoup.stock.session.Directive

/** Conformance mode: does to a call what the directive in its metadata says, without the handlers knowing.
  *
  * @param report
  *   is told when a call with a tag has ended
  */
final class DirectiveInterceptor(stores: Stores, report: Report) extends ServerInterceptor:
  import DirectiveInterceptor.*

  override def interceptCall[Q, R](
      call: ServerCall[Q, R],
      headers: Metadata,
      next: ServerCallHandler[Q, R]
  ): ServerCall.Listener[Q] = Option(headers.get(Key)).map(decode) match
    case None => next.startCall(call, headers)
    case Some(None) =>
      call.close(BadDirective, Metadata())
      Ignorant()
    case Some(Some(directive)) =>
      val observer = Observer.of(directive.tag, call, headers, report)
      val directed = DirectedCall(call, directive, observer)
      DirectedListener(directed, observer, start(directed, directive)(headers, next))

  /** Starts the handler after what the directive asks for before it. */
  private def start[Q, R](call: DirectedCall[Q, R], directive: Directive)(
      headers: Metadata,
      next: ServerCallHandler[Q, R]
  ): ServerCall.Listener[Q] =
    if directive.compress then call.setCompression("gzip")
    if directive.headersFirst then call.sendHeaders(Metadata())
    if !elapses(Integer.toUnsignedLong(directive.delayMs)) then Ignorant() // nobody waits for an answer
    else if directive.`throw` then ThrowingListener()
    else
      call.failsAtOnce match
        case Some(fail) =>
          call.fail(fail)
          Ignorant()
        case None => Contexts.interceptCall(context(call, directive), call, headers, next)

  private def context(call: DirectedCall[?, ?], directive: Directive): Context =
    val sendHeaders = () => call.sendHeaders(Metadata())
    Context
      .current()
      .withValues(CallContext.StoreKey, stores.named(directive.store), CallContext.SendHeaders, sendHeaders)

object DirectiveInterceptor:
  /** The metadata that carries a directive. */
  val Key: Metadata.Key[Array[Byte]] = Metadata.Key.of("stock-directive-bin", Metadata.BINARY_BYTE_MARSHALLER)

  private val BadDirective = Status.INVALID_ARGUMENT.withDescription("bad directive")

  /** A listener for a call that no handler will see. */
  final private class Ignorant[Q] extends ServerCall.Listener[Q]

  private def decode(value: Array[Byte]): Option[Directive] =
    try Some(Directive.parseFrom(value)).filter(_.fail.forall(fail => (1 to 16).contains(fail.code)))
    catch case _: InvalidProtocolBufferException => None

  /** Waits; false where the call ends before. */
  private def elapses(milliseconds: Long): Boolean = milliseconds == 0 || {
    val ended = CountDownLatch(1)
    val listener: Context.CancellationListener = _ => ended.countDown()
    val context = Context.current()
    context.addListener(listener, _.run())
    try !ended.await(milliseconds, MILLISECONDS)
    finally context.removeListener(listener)
  }
