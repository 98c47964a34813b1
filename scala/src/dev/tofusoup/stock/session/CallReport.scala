package dev.tofusoup.stock.session

import com.google.protobuf.ByteString
import dev.tofusoup.stock.headers.Headers
import io.grpc.Metadata
import tofusoup.stock.session.Event
import tofusoup.stock.session.Events
import tofusoup.stock.session.Response
import tofusoup.stock.session.Status

/** Collects what a call's library gave until the output writes it: the source of the call's frames. */
final private[session] class CallReport(call: Int, output: Output):
  import CallReport.*

  private val started = System.nanoTime()
  private var frames = Vector.empty[Events]
  private var last = Option.empty[Frame]
  private var queued = false

  def headers(headers: Metadata): Unit =
    add(frame => frame.copy(events = frame.events.withHeaders(Headers.fromGrpc(headers))))

  def response(response: Response.Response): Unit = add(_.withResponse(Response(response)))

  def status(status: io.grpc.Status, trailers: Metadata, unsent: Int): Unit =
    add(_.withStatus(statusOf(status, trailers, unsent)))

  /** Adds everything that a unary call gives, in one frame. */
  def unary(
      headers: Option[Metadata],
      response: Option[Response.Response],
      status: io.grpc.Status,
      trailers: Metadata
  ): Unit = add: frame =>
    val answered = response.filter(_ => status.isOk).map(Response(_))
    val events = frame.events.copy(headers = headers.map(Headers.fromGrpc), responses = answered.toVector)
    frame.copy(events = events).withStatus(statusOf(status, trailers, 0))

  private def add(fill: Frame => Frame): Unit = synchronized:
    val filled = fill(last.getOrElse(Frame(Events(call), 0)))
    last = Some(filled.copy(events = filled.events.withAtNs(System.nanoTime() - started)))
    if filled.bytes >= FrameTarget then finishFrame()
    if !queued then
      queued = true
      output.push(() => take())

  private def take(): Vector[Event] = synchronized:
    finishFrame()
    val taken = frames
    frames = Vector.empty
    queued = false
    taken.map(events => Event(Event.Event.Events(events)))

  private def finishFrame(): Unit =
    frames ++= last.map(_.events)
    last = None

private object CallReport:
  /** The size of responses at which a frame is full and the next one begins; far below the most, as a frame is full only
    * when a response has filled it.
    */
  private val FrameTarget = 1 << 20

  /** A frame that is being filled, and the size of its responses. */
  final private case class Frame(events: Events, bytes: Int):
    def withResponse(response: Response): Frame =
      Frame(events.addResponses(response), bytes + response.serializedSize)

    def withStatus(status: Status): Frame = copy(events = events.withStatus(status))

  private def statusOf(status: io.grpc.Status, trailers: Metadata, unsent: Int): Status =
    Status(
      code = status.getCode.value,
      message = Option(status.getDescription).getOrElse(""),
      trailers = Some(Headers.fromGrpc(trailers)),
      details = Option(trailers.get(Headers.Details)).fold(ByteString.EMPTY)(ByteString.copyFrom(_)),
      unsent = unsent
    )
