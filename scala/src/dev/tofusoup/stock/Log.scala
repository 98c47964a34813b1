package dev.tofusoup.stock

import java.io.PrintStream
import java.time.temporal.ChronoUnit
import java.util.logging.Filter
import java.util.logging.Formatter
import java.util.logging.Level
import java.util.logging.LogManager
import java.util.logging.LogRecord
import java.util.logging.Logger
import java.util.logging.StreamHandler

/** The log: a line of standard error each, `TIME LEVEL LOGGER: MESSAGE: CAUSE`. */
private[stock] object Log:
  /** Where grpc-java tells of failed handshakes, softly and with all that the engine knows. */
  private val handshakes = Logger.getLogger("io.grpc.netty.ProtocolNegotiators")

  private val HandshakeFailed = "TLS negotiation failed"

  /** Sends all loggers' lines to a stream, from WARNING up: at INFO, grpc-java tells of its frames. */
  def to(stream: PrintStream): Unit =
    LogManager.getLogManager.reset()
    val handler = Flushing(stream)
    handler.setLevel(Level.ALL)
    val root = Logger.getLogger("")
    root.addHandler(handler)
    root.setLevel(Level.WARNING)
    handshakes.setLevel(Level.FINE)
    handshakes.setFilter(FailedHandshakes)

  /** Passes failed handshakes, as warnings of one line. */
  private object FailedHandshakes extends Filter:
    override def isLoggable(line: LogRecord): Boolean =
      line.setMessage(line.getMessage.linesIterator.nextOption().getOrElse(""))
      line.setLevel(Level.WARNING)
      line.getMessage.startsWith(HandshakeFailed)

  final private class Flushing(stream: PrintStream) extends StreamHandler(stream, OneLine):
    override def publish(line: LogRecord): Unit = synchronized:
      super.publish(line)
      flush()

  private object OneLine extends Formatter:
    override def format(line: LogRecord): String =
      val logger = Option(line.getLoggerName).fold("")(name => name.drop(name.lastIndexOf('.') + 1))
      val head = s"${line.getInstant.truncatedTo(ChronoUnit.MILLIS)} ${line.getLevel.getName} $logger"
      (head +: Lines.oneLine(formatMessage(line)) +: causes(line)).mkString("", ": ", "\n")

    private def causes(line: LogRecord): List[String] =
      List.unfold(Option(line.getThrown))(_.map(each => (told(each), Option(each.getCause))))

    /** A fault of our own is found by where it is. */
    private def told(error: Throwable): String =
      val place = Option.when(Option(error.getCause).isEmpty && error.isInstanceOf[RuntimeException]):
        error.getStackTrace.headOption
      Lines.oneLine(error.toString) + place.flatten.fold("")(frame => s" at $frame")
