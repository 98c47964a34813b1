package dev.tofusoup.stock.session

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.OutputStream
import java.util.logging.Level
import java.util.logging.Logger
import scala.annotation.tailrec
import tofusoup.stock.session.Event

/** Has events to write; it is asked once for each time that it was queued. */
private[session] type Source = () => Vector[Event]

/** Writes events in a thread of its own, so that nobody waits for the runner. What is ready together leaves in one
  * write. Its memory is bounded only by a runner that reads.
  */
final private[session] class Output private (stream: OutputStream) extends AutoCloseable:
  import Output.*

  private lazy val writer = Thread(() => run(), "output")
  private var queue = Vector.empty[Source]
  private var closed = false

  def send(event: Event.Event): Unit = push(() => Vector(Event(event)))

  def push(source: Source): Unit = synchronized:
    queue :+= source
    notifyAll()

  /** Writes what is queued. What comes later is lost, and what a runner does not read in time. */
  override def close(): Unit =
    synchronized:
      closed = true
      notifyAll()
    writer.join(CloseMillis)
    if writer.isAlive then logger.warning("the runner does not read")

  private def run(): Unit =
    try write()
    catch case e: IOException => logger.log(Level.WARNING, "cannot write to the runner", e) // the end of input ends it

  @tailrec
  private def write(): Unit = next() match
    case Vector() => ()
    case sources =>
      val frames = ByteArrayOutputStream()
      for source <- sources; event <- source() do
        if !Frames.write(event, frames) then logger.severe(s"an event of ${event.serializedSize} bytes is lost")
      frames.writeTo(stream)
      stream.flush()
      write()

  /** What is queued; nothing where there will be nothing any more. */
  private def next(): Vector[Source] = synchronized:
    while queue.isEmpty && !closed do wait()
    val sources = queue
    queue = Vector.empty
    sources

private[session] object Output:
  private val logger = Logger.getLogger(classOf[Output].getName)
  private val CloseMillis = 1000L

  /** Starts the thread; close ends it. */
  def apply(stream: OutputStream): Output =
    val output = new Output(stream)
    output.writer.setDaemon(true)
    output.writer.start()
    output
