package dev.tofusoup.stock.store

import com.google.protobuf.ByteString
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

class StoreTest {
    private val store = Store()

    @ParameterizedTest
    @ValueSource(strings = ["a", "../x", "a//b", "*", "__proto__", " ", "é", "\uD83E\uDD8A"])
    fun keysAreOpaque(key: String) {
        store.put(key, VALUE)
        assertEquals(VALUE, store.get(key))
    }

    @Test
    fun keysHaveLimits() {
        for (key in listOf("k".repeat(1024), "é".repeat(512), "\uD83E\uDD8A".repeat(256))) {
            store.put(key, VALUE)
        }
        for (key in listOf("", "a\u0000b", "\uD83E", "\uDD8Ax", "k".repeat(1025), "é".repeat(513))) {
            assertThrows<InvalidKeyException> { store.put(key, VALUE) }
            assertThrows<InvalidKeyException> { store.get(key) }
            assertThrows<InvalidKeyException> { store.delete(key) }
        }
        assertEquals(3, store.totals().items)
    }

    @Test
    fun totalsFollowChanges() {
        store.put("a", ByteString.copyFromUtf8("123"))
        store.put("b", ByteString.EMPTY)
        assertEquals(Totals(2, 3), store.totals())
        store.put("a", ByteString.copyFromUtf8("1"))
        assertEquals(Totals(2, 1), store.totals())
        store.delete("a")
        assertEquals(Totals(1, 0), store.totals())
    }

    @Test
    fun missingKeysAreNamed() {
        assertEquals("key not found: k", assertThrows<KeyNotFoundException> { store.get("k") }.message)
        assertThrows<KeyNotFoundException> { store.delete("k") }
    }

    @Test
    fun theClockNeverStandsStill() {
        val readings = ArrayDeque(listOf(100L, 100L, 90L, 300L))
        val slow = Store { readings.removeFirst() }
        for (expected in listOf(100L, 101L, 102L, 300L)) {
            assertEquals(expected, slow.trade(Order(Order.QUERY, "x", 0)).timestamp)
        }
    }

    @Test
    fun subscribersSeeTheirPrefixInOrder() {
        store.put("a/0", VALUE)
        val subscription = store.subscribe("a/")
        listOf("a/1", "b/1", "a", "a/2", "a/2").forEach { store.put(it, VALUE) }
        store.delete("a/1")
        val seen = generateSequence { subscription.changes.tryReceive().getOrNull() }.toList()
        assertEquals(listOf("a/1", "a/2", "a/2", "a/1"), seen.map { it.key })
        assertEquals(listOf(false, false, false, true), seen.map { it.deleted })
        assertTrue(seen.zipWithNext().all { (one, next) -> one.timestamp < next.timestamp })
        subscription.close()
        subscription.close()
        store.put("a/3", VALUE)
        assertNull(subscription.changes.tryReceive().getOrNull())
        assertThrows<InvalidKeyException> { store.subscribe("\u0000") }
    }

    @Test
    fun aSlowSubscriberIsEndedAndNobodyElse() {
        val slow = store.subscribe("")
        val quick = store.subscribe("")
        repeat(Subscription.QUEUE_SIZE + 1) {
            store.put("key $it", VALUE)
            assertEquals(
                "key $it",
                quick.changes
                    .tryReceive()
                    .getOrThrow()
                    .key,
            )
        }
        store.put("later", VALUE)
        repeat(Subscription.QUEUE_SIZE) {
            assertEquals(
                "key $it",
                slow.changes
                    .tryReceive()
                    .getOrThrow()
                    .key,
            )
        }
        assertEquals(
            "subscriber too slow",
            slow.changes
                .tryReceive()
                .exceptionOrNull()
                ?.message,
        )
        assertEquals(
            "later",
            quick.changes
                .tryReceive()
                .getOrThrow()
                .key,
        )
    }

    @Test
    fun positionsAndRefusals() {
        val most = Int.MAX_VALUE
        val fills =
            listOf(
                Order(Order.QUERY, "acme", 99) to "true 0 position",
                Order(Order.BUY, "acme", 5) to "true 5 bought",
                Order(Order.SELL, "acme", 6) to "false 0 insufficient position: have 5, want 6",
                Order(Order.SELL, "acme", 2) to "true 2 sold",
                Order(Order.QUERY, "acme", -1) to "true 3 position",
                Order(Order.BUY, "acme", 0) to "false 0 quantity must be positive",
                Order(Order.SELL, "acme", -1) to "false 0 quantity must be positive",
                Order(Order.BUY, "acme", most) to "false 0 position limit",
                Order(Order.BUY, "acme", most - 3) to "true 2147483644 bought",
                Order(Order.SELL, "acme", most) to "true 2147483647 sold",
                Order(7, "acme", 0) to "false 0 unknown order type: 7",
                Order(-1, "acme", 1) to "false 0 unknown order type: -1",
                Order(7, "", 1) to "false 0 invalid symbol",
                Order(Order.QUERY, "a\u0000", 1) to "false 0 invalid symbol",
            ).map { (order, expected) ->
                store.trade(order).also { assertEquals(expected, "${it.success} ${it.quantity} ${it.message}", "$order") }
            }
        assertTrue(fills.zipWithNext().all { (one, next) -> one.timestamp < next.timestamp })
        assertEquals(Totals(0, 0), store.totals())
    }

    @Test
    fun changesFromManyThreadsAreOneSequence() {
        val writers = 8
        val each = Subscription.QUEUE_SIZE / writers
        val subscription = store.subscribe("")
        runBlocking(Dispatchers.Default) {
            repeat(writers) { writer -> launch { repeat(each) { store.put("key $writer $it", VALUE) } } }
        }
        val seen = generateSequence { subscription.changes.tryReceive().getOrNull() }.toList()
        assertEquals(writers * each, seen.size)
        assertTrue(seen.zipWithNext().all { (one, next) -> one.timestamp < next.timestamp })
        assertEquals(seen.size.toLong(), store.totals().items)
    }

    @Test
    fun storesAreApartAndForgettable() {
        val stores = Stores()
        val one = stores.named("one")
        one.put("k", VALUE)
        assertThrows<KeyNotFoundException> { stores.named("two").get("k") }
        val unnamed = stores.named("")
        stores.forget(listOf("one", "none", ""))
        assertNotSame(one, stores.named("one"))
        assertSame(unnamed, stores.named(""))
    }

    private companion object {
        val VALUE: ByteString = ByteString.copyFromUtf8("value")
    }
}
