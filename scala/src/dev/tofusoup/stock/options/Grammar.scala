package dev.tofusoup.stock.options

import scala.annotation.tailrec

/** One flag of a program.
  *
  * @param value
  *   what its value is called; none where it takes none
  */
final private[options] case class Flag(name: String, value: Option[String], help: String):
  def usage: String = f"  ${s"--$name ${value.getOrElse("")}".trim}%-26s $help\n"

private[options] object Flag:
  def switch(name: String, help: String): Flag = Flag(name, None, help)
  def taking(name: String, value: String, help: String): Flag = Flag(name, Some(value), help)

/** Takes a command line apart by a table of flags. It is our own because the grammar, which every language shares, is
  * stricter than the libraries': ADR 28.
  */
final private[options] class Grammar(table: Vector[Flag]):
  /** The lines that tell of the flags. */
  def usage: String = table.map(_.usage).mkString

  def parse(words: Vector[Word]): Either[UsageError, Line] = read(words.toList, Line.Empty)

  @tailrec
  private def read(words: List[Word], line: Line): Either[UsageError, Line] = words match
    case Nil => Right(line)
    case word :: rest if word.raw == "--" => Right(line.withArguments(rest))
    case word :: rest if !word.raw.startsWith("--") => read(rest, line.withArguments(List(word)))
    case word :: rest =>
      flag(word, rest) match
        case Left(error) => Left(error)
        case Right((name, value, left)) => read(left, line.withFlag(name, value))

  /** The name and the value of the flag that a word begins, and the words after it. */
  private def flag(word: Word, rest: List[Word]): Either[UsageError, (String, Word, List[Word])] =
    val (head, attached) = word.cut('=').fold((word, None))((head, value) => (head, Some(value)))
    val name = head.raw.drop(2)
    (table.find(_.name == name), attached, rest) match
      case (None, _, _) => Left(UsageError(s"unknown flag: ${head.printable}"))
      case (Some(Flag(_, None, _)), None, _) => Right((name, Word(""), rest))
      case (Some(Flag(_, None, _)), Some(_), _) => Left(UsageError(s"--$name takes no value"))
      case (Some(_), Some(value), _) => Right((name, value, rest))
      case (Some(_), None, value :: left) => Right((name, value, left))
      case (Some(_), None, Nil) => Left(UsageError(s"--$name needs a value"))
