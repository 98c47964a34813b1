package dev.tofusoup.stock.store

import scala.collection.concurrent.TrieMap

/** The stores of a process by their names; a store is made when it is first named. */
final class Stores:
  private val unnamed = Store()
  private val others = TrieMap.empty[String, Store]

  /** The store of a name; the default one where it is empty. */
  def named(name: String): Store = if name.isEmpty then unnamed else others.getOrElseUpdate(name, Store())

  /** Drops named stores, never the default one. What still uses a store keeps it. */
  def forget(names: Iterable[String]): Unit = names.foreach(others.remove)
