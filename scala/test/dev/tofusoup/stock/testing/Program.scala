package dev.tofusoup.stock.testing

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.nio.charset.StandardCharsets.ISO_8859_1
import java.nio.charset.StandardCharsets.UTF_8
import java.util.concurrent.TimeUnit.SECONDS

/** How a program ended; what it printed on standard output as bytes, in characters of ISO 8859-1. */
final case class End(code: Int, output: String, errors: String)

/** A program that a test runs as a process: the one that an environment variable names. */
final class Program private (process: Process) extends AutoCloseable:
  private val errors = ByteArrayOutputStream()
  private lazy val errorReader = Thread(() => copyErrors(), "errors")

  def input: OutputStream = process.getOutputStream

  def output: InputStream = process.getInputStream

  /** The next line of standard output. */
  def line(): String =
    val bytes = Iterator.continually(output.read()).takeWhile(byte => byte >= 0 && byte != '\n')
    String(bytes.map(_.toByte).toArray, UTF_8)

  /** Sends a signal by its name. */
  def signal(name: String): Unit =
    val kill = ProcessBuilder("kill", s"-$name", process.pid.toString).start()
    if !kill.waitFor(10, SECONDS) then throw AssertionError("kill does not end")

  /** Waits for the end. */
  def end(): End =
    val printed = String(output.readAllBytes(), ISO_8859_1)
    if !process.waitFor(Peers.Patience.toSeconds, SECONDS) then throw AssertionError("the program does not end")
    errorReader.join()
    End(process.exitValue, printed, errors.toString(UTF_8))

  override def close(): Unit =
    val _ = process.destroyForcibly()

  private def copyErrors(): Unit =
    try
      val _ = process.getErrorStream.transferTo(errors)
    catch case _: IOException => () // the program has ended

object Program:
  /** Starts a program; its words may hold any bytes but NUL, as characters of ISO 8859-1. */
  def start(variable: String, words: String*): Program =
    // The shell's printf makes bytes of escapes, which Java's own arguments could not carry.
    val escaped = words.map(word => word.getBytes(ISO_8859_1).map(byte => f"\\0${byte & 0xff}%03o").mkString)
    val script = escaped.map(word => s""" "$$(printf '%b' '$word')"""").mkString("exec \"$0\"", "", "")
    val builder = ProcessBuilder("sh", "-c", script, sys.env(variable))
    val environment = builder.environment
    val _ = environment.remove("LC_ALL")
    val _ = environment.put("LANG", "C")
    // Where the launcher's archive makes the later ones of many starts quick.
    val _ = environment.put("XDG_CACHE_HOME", sys.env("TEST_TMPDIR"))
    val program = new Program(builder.start())
    program.errorReader.start()
    program

  /** Runs a program to its end. */
  def run(variable: String, words: String*): End =
    val program = start(variable, words*)
    try
      program.input.close()
      program.end()
    finally program.close()
