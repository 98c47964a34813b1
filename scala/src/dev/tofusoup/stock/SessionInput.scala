package dev.tofusoup.stock

import dev.tofusoup.stock.options.ExitCode
import dev.tofusoup.stock.session.FrameError
import java.io.IOException

/** A session's commands, which are read in a thread of their own; that is left behind where another end comes. */
final private[stock] class SessionInput private ():
  @volatile private var fault = Option.empty[String]

  /** Prints what was wrong with the input, if anything; the exit code. */
  def explain(streams: Streams): Int = fault match
    case None => ExitCode.Ok
    case Some(reason) => streams.failed(reason, ExitCode.Internal)

private[stock] object SessionInput:
  /** Starts to read; the end of the input, or its fault, is an end. */
  def read(signals: Signals)(commands: => Either[FrameError, Unit]): SessionInput =
    val input = SessionInput()
    Signals.background("commands"):
      try commands.left.foreach(error => input.fault = Some(error.reason))
      catch case e: IOException => input.fault = Some(s"standard input cannot be read: ${e.getMessage}")
      finally signals.end()
    input
