package dev.tofusoup.stock.store

import java.util.concurrent.ConcurrentHashMap

/** The stores of a process by their names; a store is made when it is first named. */
class Stores {
    private val unnamed = Store()
    private val named = ConcurrentHashMap<String, Store>()

    /** The store of a name; the default one where it is empty. */
    fun named(name: String): Store = if (name.isEmpty()) unnamed else named.computeIfAbsent(name) { Store() }

    /** Drops named stores, never the default one. What still uses a store keeps it. */
    fun forget(names: Collection<String>) {
        named.keys.removeAll(names.toSet())
    }
}
