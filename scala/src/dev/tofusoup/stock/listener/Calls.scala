package dev.tofusoup.stock.listener

import com.google.protobuf.InvalidProtocolBufferException
import dev.tofusoup.stock.service.CallContext
import io.grpc.Context
import io.grpc.Contexts
import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.ServerCallHandler
import io.grpc.ServerInterceptor
import io.grpc.Status
import io.grpc.StatusException
import io.grpc.StatusRuntimeException
import io.grpc.health.v1.HealthGrpc
import java.io.InputStream
import java.util.logging.Level
import java.util.logging.Logger
import scala.util.control.NonFatal
import tofusoup.stock.StockGrpc

/** The calls of a listener, and what stands around each of their handlers: it knows how many run, ends at the drain
  * those that have no end of their own, holds to the limit of requests and keeps faults from the peer.
  */
final private[listener] class Calls(maxReceiveBytes: Int) extends ServerInterceptor:
  private var running = Set.empty[GuardedCall[?, ?]]
  private var endless = Set.empty[GuardedCall[?, ?]]
  private var draining = false

  override def interceptCall[Q, R](
      call: ServerCall[Q, R],
      headers: Metadata,
      next: ServerCallHandler[Q, R]
  ): ServerCall.Listener[Q] =
    val guarded = GuardedCall(call)
    begin(guarded)
    val sendHeaders = () => guarded.sendHeaders(Metadata())
    val context = Context.current().withValue(CallContext.SendHeaders, sendHeaders)
    val guard = Guard(guarded)
    guard.start(Contexts.interceptCall(context, guarded, headers, next))
    guard

  /** Ends the calls that have no end of their own, those still to come too. */
  def drain(): Unit =
    val ended = synchronized:
      draining = true
      endless
    ended.foreach: call =>
      call.close(Calls.Draining, Metadata())
      end(call) // whatever its handler still waits for

  /** Waits until no call runs; false where that takes longer than some nanoseconds. */
  def awaitNone(nanoseconds: Long): Boolean = synchronized:
    val end = System.nanoTime() + nanoseconds
    while running.nonEmpty && end - System.nanoTime() > 0 do
      val left = (end - System.nanoTime()).max(1)
      wait(left / 1_000_000, (left % 1_000_000).toInt)
    running.isEmpty

  /** Whether a call runs. */
  def isBusy: Boolean = synchronized(running.nonEmpty)

  private def begin(call: GuardedCall[?, ?]): Unit =
    val isEndless = Calls.Endless(call.getMethodDescriptor.getFullMethodName)
    val isTooLate = synchronized:
      running += call
      if isEndless then endless += call
      draining && isEndless
    if isTooLate then call.close(Calls.Draining, Metadata())

  private def end(call: GuardedCall[?, ?]): Unit = synchronized:
    running -= call
    endless -= call
    notifyAll()

  /** Hands a call's events to its handler; what that throws ends the call. */
  final private class Guard[Q](call: GuardedCall[Q, ?]) extends ServerCall.Listener[Q]:
    private var listener: ServerCall.Listener[Q] = new ServerCall.Listener[Q] {}

    def start(handler: => ServerCall.Listener[Q]): Unit = run { listener = handler }

    override def onMessage(message: Q): Unit = run(listener.onMessage(limited(message)))

    override def onHalfClose(): Unit = run(listener.onHalfClose())

    override def onReady(): Unit = run(listener.onReady())

    override def onCancel(): Unit =
      run(listener.onCancel())
      end(call)

    override def onComplete(): Unit =
      run(listener.onComplete())
      end(call)

    private def run(step: => Unit): Unit =
      try step
      catch
        // The library's own: a request that is too large, or does not decompress.
        case e: StatusRuntimeException => call.close(e.getStatus, Metadata())
        case e: StatusException => call.close(e.getStatus, Metadata())
        case _: InvalidProtocolBufferException => call.close(Calls.Undecodable, Metadata())
        case NonFatal(e) =>
          Calls.logger.log(Level.SEVERE, s"${call.getMethodDescriptor.getFullMethodName} failed", e)
          call.close(Calls.Fault, Metadata())

    /** Requests come as streams of bytes, which the handler's side decodes. */
    private def limited(message: Q): Q = message match
      case bytes: InputStream => LimitedMessage(bytes, maxReceiveBytes).asInstanceOf[Q]
      case other => other

private object Calls:
  private val logger = Logger.getLogger(classOf[Calls].getName)

  private val Draining = Status.UNAVAILABLE.withDescription("server shutting down")
  private val Undecodable = Status.INTERNAL.withDescription("the request does not decode")
  private val Fault = Status.UNKNOWN.withDescription("handler failed")

  private val Endless: Set[String] =
    (Vector(StockGrpc.METHOD_MONITOR, HealthGrpc.getWatchMethod) ++ ReflectionServices.Methods)
      .map(_.getFullMethodName)
      .toSet
