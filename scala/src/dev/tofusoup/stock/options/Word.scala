package dev.tofusoup.stock.options

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.nio.charset.StandardCharsets.ISO_8859_1
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files
import java.nio.file.Path

/** A word of a command line, which is bytes. Java decodes its arguments by the locale and replaces what is none of its
  * text, so a word is a string here whose characters are bytes (ISO 8859-1).
  */
opaque type Word = String

object Word:
  private val CommandLine = Path.of("/proc/self/cmdline")

  /** The words that this process was given, or the decoded ones where the system does not tell. */
  def ofProcess(decoded: Array[String]): Vector[Word] =
    try
      // Each word is followed by a NUL.
      val all = Word.of(Files.readAllBytes(CommandLine)).split("\u0000", -1).toVector.dropRight(1)
      all.takeRight(decoded.length)
    catch case _: IOException => decoded.toVector.map(Word(_)) // not Linux

  /** A word of text. */
  def apply(text: String): Word = Word.of(text.getBytes(UTF_8))

  /** A word of bytes. */
  def of(bytes: Array[Byte]): Word = String(bytes, ISO_8859_1)

  /** A word whose characters are bytes already. */
  private[options] def ofRaw(characters: String): Word = characters

  /** The lines of bytes, without the blank ones. */
  def lines(bytes: Array[Byte]): Vector[Word] =
    String(bytes, ISO_8859_1).linesIterator.filterNot(_.isBlank).toVector

  extension (word: Word)
    def bytes: Array[Byte] = word.getBytes(ISO_8859_1)

    /** The text of a word; none where it is not UTF-8. */
    def text: Option[String] =
      try Some(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString)
      catch case _: CharacterCodingException => None

    /** The file that a word names; as text is to the system what UTF-8 is, other names cannot be had. */
    def path: Path = Path.of(text.getOrElse(printable))

    /** Its characters as they are, one for each byte. */
    def raw: String = word

    /** The words before and after the first of a character; none where it has none. */
    def cut(separator: Char): Option[(Word, Word)] = word.indexOf(separator.toInt) match
      case -1 => None
      case at => Some((word.take(at), word.drop(at + 1)))

    /** A word fit for a line of text. */
    def printable: String = text match
      case Some(decoded) => decoded.map(c => escaped(c, !c.isControl)).mkString
      case None => word.map(c => escaped(c, ' ' <= c && c < '\u007f')).mkString

    def quoted: String = s"\"$printable\""

  private def escaped(c: Char, plain: Boolean): String =
    if plain then if c == '"' || c == '\\' then s"\\$c" else c.toString
    else if c < '\u0100' then f"\\x${c.toInt}%02x"
    else f"\\u${c.toInt}%04x"
