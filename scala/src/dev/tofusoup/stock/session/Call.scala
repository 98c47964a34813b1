package dev.tofusoup.stock.session

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientInterceptor
import io.grpc.ClientInterceptors
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import io.grpc.Status
import io.grpc.stub.ClientCallStreamObserver
import io.grpc.stub.ClientResponseObserver
import java.util.concurrent.TimeUnit.NANOSECONDS
import scala.annotation.tailrec
import scala.collection.immutable.Queue
import tofusoup.stock.session.Request
import tofusoup.stock.session.Response
import tofusoup.stock.session.Start

/** A call: hands requests to the library as it has room for them, and reports what the library gives. Its methods may be
  * called from any thread.
  *
  * @param first
  *   the requests to begin with
  * @param ended
  *   is run once the call has ended, before that is reported
  */
final private[session] class Call[Q, R](
    command: Start,
    method: Method[Q, R],
    first: Seq[Q],
    metadata: Metadata,
    report: CallReport,
    ended: () => Unit
) extends ClientResponseObserver[Q, R]
    with ClientInterceptor:
  private var unsent = Queue.from(first)
  private var closed = command.halfClose || !method.sends
  private var halfClosed = false
  @volatile private var running = Option.empty[ClientCall[?, ?]]
  @volatile private var stream = Option.empty[ClientCallStreamObserver[Q]]
  @volatile private var headers = Option.empty[Metadata]
  @volatile private var response = Option.empty[Response.Response]

  /** Starts it. */
  def start(channel: Channel): Unit =
    val heard = ClientInterceptors.intercept(channel, this)
    method.caller match
      case Caller.One(call) =>
        val _ = call(heard, first.head) // the listener below hears what becomes of it
      case Caller.Responses(call) => call(heard, first.head, this)
      case Caller.Requests(call) =>
        val _ = call(heard, this)
        pump()

  /** Queues requests. */
  def send(more: Seq[Request]): Either[Refusal, Unit] = synchronized:
    for
      _ <- open
      requests <- method.unwrapAll(more)
    yield
      unsent = unsent.enqueueAll(requests)
      pump()

  /** Ends the requests after those queued. */
  def halfClose(): Either[Refusal, Unit] = synchronized:
    open.map: _ =>
      closed = true
      pump()

  /** Allows more responses. */
  def receive(credit: Int): Unit = if method.receives then stream.foreach(_.request(Call.responses(credit)))

  /** Ends it; it reports the status that its library gives. */
  def cancel(): Unit = running.foreach(_.cancel("cancelled by the runner", null))

  override def beforeStart(opened: ClientCallStreamObserver[Q]): Unit =
    stream = Some(opened)
    if method.receives then opened.disableAutoRequestWithInitial(Call.responses(command.credit))
    if method.sends then opened.setOnReadyHandler(() => pump())

  override def interceptCall[A, B](
      descriptor: MethodDescriptor[A, B],
      options: CallOptions,
      next: Channel
  ): ClientCall[A, B] =
    val call = Sent(next.newCall(descriptor, chosen(options)))
    running = Some(call)
    call

  // The listener below has all of it, with its metadata.
  override def onNext(message: R): Unit = ()
  override def onError(error: Throwable): Unit = ()
  override def onCompleted(): Unit = ()

  private def open: Either[Refusal, Unit] = Either.cond(!closed, (), Refusal("call: its requests have ended"))

  private def chosen(options: CallOptions): CallOptions =
    val timed =
      if command.timeoutNs > 0 then options.withDeadlineAfter(command.timeoutNs, NANOSECONDS) else options
    val patient = if command.waitForReady then timed.withWaitForReady() else timed
    if command.compress then patient.withCompression("gzip") else patient

  private def pump(): Unit = synchronized:
    stream.foreach: opened =>
      sendReady(opened)
      if closed && !halfClosed && unsent.isEmpty then
        halfClosed = true
        opened.onCompleted()

  @tailrec
  private def sendReady(opened: ClientCallStreamObserver[Q]): Unit = unsent.dequeueOption match
    case Some((request, rest)) if opened.isReady =>
      unsent = rest
      opened.onNext(request)
      sendReady(opened)
    case _ => ()

  /** Carries the call's metadata. */
  final private class Sent[A, B](call: ClientCall[A, B]) extends SimpleForwardingClientCall[A, B](call):
    override def start(listener: ClientCall.Listener[B], outgoing: Metadata): Unit =
      outgoing.merge(metadata)
      super.start(Ears(listener), outgoing)

  /** Hears what stubs do not tell of, and the rest. */
  final private class Ears[B](listener: ClientCall.Listener[B]) extends SimpleForwardingClientCallListener[B](listener):
    override def onHeaders(received: Metadata): Unit =
      if method.isUnary then headers = Some(received) else report.headers(received)
      super.onHeaders(received)

    override def onMessage(message: B): Unit =
      // The stub's only method has the descriptor's types.
      val wrapped = method.wrap(message.asInstanceOf[R])
      if method.isUnary then response = Some(wrapped) else report.response(wrapped)
      super.onMessage(message)

    override def onClose(status: Status, trailers: Metadata): Unit =
      super.onClose(status, trailers)
      ended()
      if method.isUnary then report.unary(headers, response, status, trailers)
      else report.status(status, trailers, if method.sends then Call.this.left else 0)

  private def left: Int = synchronized(unsent.size)

private object Call:
  /** How many responses a credit stands for. */
  private def responses(credit: Int): Int = if credit > 0 then credit else Int.MaxValue
