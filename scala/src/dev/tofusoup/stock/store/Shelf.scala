package dev.tofusoup.stock.store

import com.google.protobuf.ByteString

/** How many keys there are, and the sum of the sizes of their values. */
final case class Totals(items: Long, bytes: Long)

/** Keys and their values. */
final case class Shelf private (values: Map[Key, ByteString], bytes: Long):
  def get(key: Key): Either[StoreError, ByteString] = values.get(key).toRight(StoreError.KeyNotFound(key))

  def put(key: Key, value: ByteString): Shelf =
    Shelf(values.updated(key, value), bytes + value.size - values.get(key).fold(0)(_.size))

  def delete(key: Key): Either[StoreError, Shelf] =
    get(key).map(value => Shelf(values.removed(key), bytes - value.size))

  def totals: Totals = Totals(values.size, bytes)

object Shelf:
  val Empty: Shelf = Shelf(Map.empty, 0)
