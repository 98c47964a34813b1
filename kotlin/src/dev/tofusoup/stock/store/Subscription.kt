package dev.tofusoup.stock.store

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel

/**
 * Receives the changes of a store to the keys with its prefix, until it is closed or found too
 * slow. Its functions may be called from any thread.
 */
class Subscription internal constructor(
    private val store: Store,
    private val prefix: String,
) : AutoCloseable {
    private val queue = Channel<Change>(QUEUE_SIZE)

    /** The changes in their order; where one found the queue full, what follows those before it is a [SlowSubscriberException]. */
    val changes: ReceiveChannel<Change> get() = queue

    /** Takes a change if it concerns this subscriber; false where there was no room for it. */
    internal fun offer(change: Change): Boolean {
        if (!change.key.startsWith(prefix)) {
            return true
        }
        val taken = queue.trySend(change).isSuccess
        if (!taken) {
            queue.close(SlowSubscriberException())
        }
        return taken
    }

    /** Ends the delivery. May be called more than once. */
    override fun close() {
        store.unsubscribe(this)
        queue.cancel()
    }

    companion object {
        /** Changes that wait for a subscriber before it counts as too slow. */
        const val QUEUE_SIZE = 1024
    }
}
