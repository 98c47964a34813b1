package dev.tofusoup.stock.session

import com.google.protobuf.InvalidProtocolBufferException
import java.io.InputStream
import java.io.OutputStream
import java.nio.ByteBuffer
import tofusoup.stock.session.Command
import tofusoup.stock.session.Event

/** Standard input is not a stream of frames; the reason is one line. It ends the session. */
final case class FrameError(reason: String)

/** Frames: four bytes of length, big-endian, then one message. */
private[session] object Frames:
  val MaxBytes: Int = 16 << 20

  private val Truncated = FrameError("standard input ends within a frame")

  /** The next command; none at the end of the input. */
  def read(input: InputStream): Either[FrameError, Option[Command]] =
    val head = input.readNBytes(Integer.BYTES)
    if head.isEmpty then Right(None)
    else if head.length < Integer.BYTES then Left(Truncated)
    else
      Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt) match
        case size if size > MaxBytes => Left(FrameError(s"a frame of $size bytes; at most $MaxBytes"))
        case size => decode(input.readNBytes(size.toInt), size.toInt).map(Some(_))

  /** Writes an event; false, and nothing is written, where it is too large for a frame. */
  def write(event: Event, output: OutputStream): Boolean =
    val size = event.serializedSize
    val fits = size <= MaxBytes
    if fits then
      output.write(ByteBuffer.allocate(Integer.BYTES).putInt(size).array)
      event.writeTo(output)
    fits

  private def decode(body: Array[Byte], size: Int): Either[FrameError, Command] =
    if body.length < size then Left(Truncated)
    else
      try Right(Command.parseFrom(body))
      catch case _: InvalidProtocolBufferException => Left(FrameError("a frame does not decode as a Command"))
