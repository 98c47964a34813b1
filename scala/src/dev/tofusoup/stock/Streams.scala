package dev.tofusoup.stock

import dev.tofusoup.stock.options.ExitCode
import java.io.FileDescriptor
import java.io.FileOutputStream
import java.io.InputStream
import java.io.OutputStream
import java.io.PrintStream
import java.nio.charset.StandardCharsets.UTF_8
import scala.util.control.NonFatal

/** The standard streams of a program. What is printed is UTF-8, whatever the locale. */
final private[stock] class Streams(val input: InputStream, val output: OutputStream, log: PrintStream):
  /** Prints on standard output. */
  def print(text: String): Unit = write(text.getBytes(UTF_8))

  /** Writes bytes to standard output. */
  def write(bytes: Array[Byte]): Unit =
    output.write(bytes)
    output.flush()

  /** Prints a reason on standard error; gives the exit code that it is the reason of. */
  def failed(reason: String, code: Int): Int =
    val bytes = s"$reason\n".getBytes(UTF_8)
    log.write(bytes, 0, bytes.length)
    log.flush()
    code

  /** Runs a program; a fault of its own is a line and the exit code for that. */
  def orFault(program: => Int): Int =
    try program
    catch case NonFatal(e) => failed(Lines.oneLine(s"internal fault: $e"), ExitCode.Internal)

private[stock] object Streams:
  /** Takes them from the process: what libraries print goes to standard error from here on. */
  def take(): Streams =
    val output = FileOutputStream(FileDescriptor.out)
    System.setOut(System.err)
    Log.to(System.err)
    Streams(System.in, output, System.err)
