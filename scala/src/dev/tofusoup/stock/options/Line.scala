package dev.tofusoup.stock.options

import java.math.BigDecimal
import java.math.RoundingMode
import scala.concurrent.duration.DurationLong
import scala.concurrent.duration.FiniteDuration

/** A command line taken apart.
  *
  * @param flags
  *   the values of each flag given: the last counts, and the others must be right too
  * @param arguments
  *   the rest, in order
  */
final private[options] case class Line(flags: Map[String, Vector[Word]], arguments: Vector[Word]):
  def has(name: String): Boolean = flags.contains(name)

  def withFlag(name: String, value: Word): Line =
    copy(flags = flags.updated(name, flags.getOrElse(name, Vector.empty) :+ value))

  def withArguments(more: List[Word]): Line = copy(arguments = arguments ++ more)

  /** What the last value of a flag is read as; none where it is not given.
    *
    * @param read
    *   none for a value that is not what is expected
    */
  def value[A](name: String, expected: String)(read: Word => Option[A]): Either[UsageError, Option[A]] =
    val none: Either[UsageError, Option[A]] = Right(None)
    flags
      .getOrElse(name, Vector.empty)
      .foldLeft(none): (before, word) =>
        val wrong = UsageError(s"--$name: ${word.quoted} given, $expected expected")
        before.flatMap(_ => read(word).toRight(wrong).map(Some(_)))

  /** The value of a flag, which is not empty. */
  def word(name: String): Either[UsageError, Option[Word]] =
    value(name, "a value that is not empty")(Some(_).filter(_.raw.nonEmpty))

  /** The text of a flag's value, which is not empty. */
  def text(name: String): Either[UsageError, Option[String]] =
    word(name).map(_.map(last => last.text.getOrElse(last.printable)))

  /** The number that a flag gives. */
  def number(name: String, least: Long, most: Long): Either[UsageError, Option[Long]] =
    value(name, s"a number from $least to $most")(Line.number(_, least, most))

  /** The time that a flag gives. */
  def seconds(name: String): Either[UsageError, Option[FiniteDuration]] =
    value(name, "seconds like 5 or 0.25")(Line.seconds)

  /** Refuses the flags that make no sense in a session. */
  def checkSession(allowed: Set[String]): Either[UsageError, Unit] =
    flags.keySet.diff(allowed + "session").toVector.sorted.headOption match
      case Some(name) => Left(UsageError(s"--session goes without --$name"))
      case None => Right(())

private[options] object Line:
  val Empty: Line = Line(Map.empty, Vector.empty)

  private val Digits = "[0-9]+".r
  private val Seconds = "[0-9]{1,9}(\\.[0-9]+)?".r

  private def number(word: Word, least: Long, most: Long): Option[Long] = word.raw match
    case digits @ Digits() => digits.toLongOption.filter(number => least <= number && number <= most)
    case _ => None

  private def seconds(word: Word): Option[FiniteDuration] = word.raw match
    case digits @ Seconds(_) =>
      // Up: a fraction of a nanosecond is not 0.
      val nanoseconds = BigDecimal(digits).movePointRight(9).setScale(0, RoundingMode.CEILING)
      Some(nanoseconds.longValueExact.nanos)
    case _ => None
