package dev.tofusoup.stock.session

/** Why a command cannot be obeyed: which field, what was given, what was expected. */
final private[session] case class Refusal(reason: String)

private[session] object Refusal:
  /** A number as the wire has it: unsigned. */
  def number(value: Int): String = Integer.toUnsignedString(value)
