package dev.tofusoup.stock.directive

import dev.tofusoup.stock.headers.Headers
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall
import io.grpc.Metadata
import io.grpc.MethodDescriptor.MethodType
import io.grpc.ServerCall
import io.grpc.Status
import tofusoup.stock.session
import tofusoup.stock.session.Directive
import tofusoup.stock.session.Fail

/** A call that carries a directive's metadata, and fails after the messages that a Fail names. */
final private[directive] class DirectedCall[Q, R](call: ServerCall[Q, R], directive: Directive, observer: Observer)
    extends SimpleForwardingServerCall[Q, R](call):
  private val kind = call.getMethodDescriptor.getType
  private var headersSent = false
  private var failed = false
  private var counted = 0

  override def sendHeaders(headers: Metadata): Unit = synchronized:
    if !headersSent then
      headersSent = true
      headers.merge(added(directive.headers))
      super.sendHeaders(headers)

  override def sendMessage(message: R): Unit = synchronized:
    if !failed then
      observer.sent()
      super.sendMessage(message)
      if !kind.serverSendsOneMessage then count()

  override def close(status: Status, trailers: Metadata): Unit = synchronized:
    if !failed then end(status, trailers)

  /** How the call fails instead of its handler's start, if it does. */
  def failsAtOnce: Option[Fail] = directive.fail.filter(fail => kind == MethodType.UNARY || fail.after == 0)

  /** Counts a request that the handler has read, where requests are what counts. */
  def countRead(): Unit = synchronized:
    if kind == MethodType.CLIENT_STREAMING then count()

  /** Ends the call as the directive says. */
  def fail(how: Fail): Unit = synchronized:
    failed = true
    val trailers = Metadata()
    if !how.details.isEmpty then trailers.put(Headers.Details, how.details.toByteArray)
    val status = Status.fromCodeValue(how.code)
    end(if how.message.isEmpty then status else status.withDescription(how.message), trailers)

  /** Whether the call has failed as the directive says. */
  def hasFailed: Boolean = synchronized(failed)

  private def count(): Unit =
    counted += 1
    if !failed then directive.fail.filter(_.after == counted).foreach(fail)

  private def end(status: Status, trailers: Metadata): Unit =
    // gRPC sends none with an error.
    if directive.headers.exists(_.entries.nonEmpty) then sendHeaders(Metadata())
    trailers.merge(added(directive.trailers))
    super.close(status, trailers)

  private def added(metadata: Option[session.Metadata]): Metadata = metadata.fold(Metadata())(Headers.toGrpc)
