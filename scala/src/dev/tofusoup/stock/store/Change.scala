package dev.tofusoup.stock.store

import com.google.protobuf.ByteString

/** One committed change of a store. */
enum Change:
  case Put(key: Key, value: ByteString, at: Tick)
  case Delete(key: Key, at: Tick)

  def key: Key
