package dev.tofusoup.stock.store

import com.google.protobuf.ByteString
import java.time.Instant
import kotlin.time.Duration.Companion.seconds

/**
 * What a store holds at one instant.
 *
 * @property items the number of keys
 * @property bytes the sum of the sizes of their values
 */
data class Totals(
    val items: Long,
    val bytes: Long,
)

/**
 * One world of keys, positions and subscribers. It applies one change at a time. Its functions may
 * be called from any thread and never wait for a subscriber.
 *
 * @param clock tells Unix nanoseconds; it may stand still or run backwards
 */
class Store(
    private val clock: () -> Long = ::unixNanoseconds,
) {
    private val values = HashMap<String, ByteString>()
    private val positions = HashMap<String, Int>()
    private val subscribers = LinkedHashSet<Subscription>()
    private var bytes = 0L
    private var lastTick = 0L

    /** The value of a key. */
    @Synchronized
    fun get(key: String): ByteString {
        Keys.check(key)
        return values[key] ?: throw KeyNotFoundException(key)
    }

    /** Stores a value and publishes the change. */
    @Synchronized
    fun put(
        key: String,
        value: ByteString,
    ) {
        Keys.check(key)
        val old = values.put(key, value)
        bytes += value.size() - (old?.size() ?: 0)
        publish(Change(deleted = false, key, value, tick()))
    }

    /** Removes a key and publishes the change. */
    @Synchronized
    fun delete(key: String) {
        Keys.check(key)
        val old = values.remove(key) ?: throw KeyNotFoundException(key)
        bytes -= old.size()
        publish(Change(deleted = true, key, ByteString.EMPTY, tick()))
    }

    /** The number of keys and the bytes of their values. */
    @Synchronized
    fun totals(): Totals = Totals(values.size.toLong(), bytes)

    /**
     * Delivers every change committed from now on whose key starts with a prefix, in order; the
     * empty one stands for all keys. The caller closes the subscription.
     */
    @Synchronized
    fun subscribe(prefix: String): Subscription {
        if (prefix.isNotEmpty()) {
            Keys.check(prefix)
        }
        return Subscription(this, prefix).also { subscribers += it }
    }

    @Synchronized
    internal fun unsubscribe(subscription: Subscription) {
        subscribers -= subscription
    }

    /** Carries out one order, or refuses it, atomically. It publishes nothing. */
    @Synchronized
    fun trade(order: Order): Fill {
        val have = positions[order.symbol] ?: 0
        val want = order.quantity
        order.refusal(have)?.let { return Fill(success = false, quantity = 0, message = it, tick()) }
        return when (order.type) {
            Order.BUY -> {
                positions[order.symbol] = have + want
                Fill(success = true, want, "bought", tick())
            }

            Order.SELL -> {
                positions[order.symbol] = have - want
                Fill(success = true, want, "sold", tick())
            }

            else -> {
                Fill(success = true, have, "position", tick())
            }
        }
    }

    /** The next reading of the clock, later than every one before it. */
    private fun tick(): Long {
        lastTick = maxOf(clock(), lastTick + 1)
        return lastTick
    }

    private fun publish(change: Change) {
        subscribers.removeIf { !it.offer(change) }
    }
}

private fun unixNanoseconds(): Long {
    val now = Instant.now()
    return now.epochSecond.seconds.inWholeNanoseconds + now.nano
}
