package dev.tofusoup.stock

import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.NANOSECONDS
import scala.concurrent.duration.FiniteDuration
import sun.misc.Signal

/** What ends a program: SIGTERM, SIGINT, or the end of its session's input. */
final private[stock] class Signals:
  private val ends = LinkedBlockingQueue[Unit]()

  /** Brings about an end. */
  def end(): Unit = ends.put(())

  /** Waits for an end. */
  def await(): Unit = ends.take()

  /** Does work until it is done, another end comes or time is up; what is left of it goes on alone. */
  def unlessAgain(limit: FiniteDuration)(work: => Unit): Unit =
    Signals.background("drain"):
      try work
      finally end()
    val _ = ends.poll(limit.toNanos, NANOSECONDS)

private[stock] object Signals:
  /** From here on the signals of this process are ends. The JDK has no other way to see a second one. */
  def catching(): Signals =
    val signals = Signals()
    for name <- Vector("TERM", "INT") do
      val _ = Signal.handle(Signal(name), _ => signals.end())
    signals

  /** Does work in a thread that keeps no process alive. */
  def background(name: String)(work: => Unit): Unit =
    val thread = Thread(() => work, name)
    thread.setDaemon(true)
    thread.start()
