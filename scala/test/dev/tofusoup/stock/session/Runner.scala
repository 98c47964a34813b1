package dev.tofusoup.stock.session

import dev.tofusoup.stock.testing.Peers
import java.io.DataInputStream
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.io.PipedInputStream
import java.io.PipedOutputStream
import java.nio.ByteBuffer
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.NANOSECONDS
import scala.annotation.tailrec
import tofusoup.stock.session.Command
import tofusoup.stock.session.Event
import tofusoup.stock.session.Events
import tofusoup.stock.session.Failure
import tofusoup.stock.session.Start

/** Drives a session of a test: a runner in the small. */
final class Runner private (commands: OutputStream, private val events: LinkedBlockingQueue[Event])
    extends AutoCloseable:
  private var id = 0
  private var call = 0

  /** Sends a command; gives its number. */
  def command(command: Command.Command): Int =
    id += 1
    val encoded = Command(id, command).toByteArray
    commands.write(ByteBuffer.allocate(4 + encoded.length).putInt(encoded.length).put(encoded).array)
    commands.flush()
    id

  /** Starts a call on channel 1; gives its number. */
  def start(start: Start): Int =
    call += 1
    val _ = command(Command.Command.Start(start.copy(call = call, channel = 1)))
    call

  def event(): Event =
    Option(events.poll(Peers.Patience.toNanos, NANOSECONDS)).getOrElse(throw AssertionError("no event"))

  def failure(): Failure = event().event.failure.getOrElse(throw AssertionError("a failure was expected"))

  /** All that a call gives until it has ended; what others give meanwhile is passed over. */
  def result(number: Int): Events = gather(Events(number))

  @tailrec
  private def gather(before: Events): Events = event().getEvents match
    case more if more.call != before.call => gather(before)
    case more =>
      val all = before.copy(
        headers = before.headers.orElse(more.headers),
        responses = before.responses ++ more.responses,
        status = more.status
      )
      if all.status.isDefined then all else gather(all)

  override def close(): Unit = commands.close()

object Runner:
  private val PipeBytes = 1 << 20

  /** Runs a session in a thread of its own; it is given its input and its output. */
  def drive(session: (InputStream, OutputStream) => Unit): Runner =
    val (input, output) = (PipedInputStream(PipeBytes), PipedOutputStream())
    val frames = DataInputStream(PipedInputStream(output, PipeBytes))
    val runner = Runner(PipedOutputStream(input), LinkedBlockingQueue[Event]())
    background(session(input, output))
    background(read(frames, runner.events))
    runner

  private def background(work: => Unit): Unit =
    val thread = Thread(() => work)
    thread.setDaemon(true)
    thread.start()

  private def read(frames: DataInputStream, events: LinkedBlockingQueue[Event]): Unit =
    try while true do events.put(Event.parseFrom(frames.readNBytes(frames.readInt())))
    catch case _: IOException => () // the session has ended
