package dev.tofusoup.stock.store

import java.nio.charset.StandardCharsets.UTF_8

/** A key, a prefix of keys or a symbol: 1 to 1,024 bytes of UTF-8 without U+0000. */
opaque type Key = String

object Key:
  private val MostBytes = 1024

  def from(text: String): Either[StoreError, Key] = Either.cond(isValid(text), text, StoreError.InvalidKey)

  extension (key: Key) def text: String = key

  // Halves of surrogate pairs have no UTF-8.
  private def isValid(text: String): Boolean =
    text.nonEmpty && text.length <= MostBytes && !text.contains('\u0000') &&
      UTF_8.newEncoder().canEncode(text) && text.getBytes(UTF_8).length <= MostBytes
