"""Servers whose store is wrong in keys, values, order or events."""

import fnmatch
import threading
import time
import unicodedata
from typing import Any

from conformance.mutants.mutant import Role, mutant, switch
from python import store
from python.store import Change, Event, MissingKeyError, Store, Subscription, Totals


@mutant(
    Role.SERVER,
    "unary_key_limits",
    "monitor_prefix_limits",
    "batch_invalid_item_counted",
    "trade_invalid_symbol",
)
def counts_characters_of_keys() -> None:
    """The limit of a key counts characters, not bytes."""

    @switch(store, "is_key")
    def is_key(original: Any, text: str) -> bool:
        return 0 < len(text) <= store.KEY_BYTES and "\0" not in text


@mutant(Role.SERVER, "unary_key_unicode")
def normalizes_keys() -> None:
    """Get takes two Unicode normal forms for one key."""

    @switch(Store, "get")
    def get(original: Any, self: Store, key: str) -> Any:
        return original(self, unicodedata.normalize("NFC", key))


@mutant(Role.SERVER, "unary_key_is_opaque")
def trims_keys() -> None:
    """Get drops the spaces at the ends of a key."""

    @switch(Store, "get")
    def get(original: Any, self: Store, key: str) -> Any:
        return original(self, key.strip(" ") or key)


@mutant(Role.SERVER, "unary_get_put", "unary_overwrite", "unary_put_binary_256", disturbs=("*",))
def answers_before_it_stores() -> None:
    """Put answers first and stores five seconds later."""

    @switch(Store, "put")
    def put(original: Any, self: Store, key: str, value: bytes) -> None:
        self._check(key)
        threading.Timer(5.0, original, (self, key, value)).start()


@mutant(Role.SERVER, "unary_put_binary_256", "unary_large_value", "unary_relay")
def takes_values_for_text() -> None:
    """What is not UTF-8 in a value is replaced."""

    @switch(Store, "put")
    def put(original: Any, self: Store, key: str, value: bytes) -> None:
        original(self, key, value.decode("utf-8", "replace").encode())


@mutant(
    Role.SERVER,
    "unary_delete",
    "unary_delete_missing",
    "unary_kv_missing",
    disturbs=("unary_*", "monitor_delete_event"),
)
def keeps_deleted_values() -> None:
    """Delete tells of it and removes nothing."""

    @switch(Store, "delete")
    def delete(original: Any, self: Store, key: str) -> None:
        value = self._values.get(key)
        original(self, key)
        if value is not None:
            self._values[key] = value


@mutant(
    Role.SERVER,
    "unary_put_empty_value",
    "unary_overwrite",
    disturbs=("batch_summary", "compression_*"),
)
def loses_empty_values() -> None:
    """A key with an empty value counts as missing."""

    @switch(Store, "get")
    def get(original: Any, self: Store, key: str) -> Any:
        value = original(self, key)
        if not value:
            raise MissingKeyError(key)
        return value


@mutant(
    Role.SERVER, "unary_inventory_counts", "unary_overwrite", disturbs=("unary_kv_shares_store",)
)
def counts_replaced_bytes() -> None:
    """Inventory goes on counting the bytes of values that were replaced."""
    replaced: dict[Store, int] = {}

    @switch(Store, "put")
    def put(original: Any, self: Store, key: str, value: bytes) -> None:
        replaced[self] = replaced.get(self, 0) + len(self._values.get(key, b""))
        original(self, key, value)

    @switch(Store, "totals")
    def totals(original: Any, self: Store) -> Totals:
        counted = original(self)
        return Totals(counted.items, counted.bytes + replaced.get(self, 0))


@mutant(Role.SERVER, "monitor_equal_value_is_a_change")
def skips_equal_values() -> None:
    """Putting the value that a key has already publishes nothing."""

    @switch(Store, "put")
    def put(original: Any, self: Store, key: str, value: bytes) -> None:
        if self._values.get(key) != value:
            original(self, key, value)


@mutant(Role.SERVER, "monitor_no_history")
def replays_history() -> None:
    """A new subscriber is told of the values there are."""

    @switch(Store, "subscribe")
    def subscribe(original: Any, self: Store, prefix: str) -> Subscription:
        subscription: Subscription = original(self, prefix)
        for key, value in self._values.items():
            subscription.offer(Event(Change.PUT, key, value, 1))
        return subscription


@mutant(Role.SERVER, "monitor_prefix_filter")
def takes_prefixes_for_patterns() -> None:
    """A star in a prefix stands for anything."""

    @switch(Subscription, "offer")
    def offer(original: Any, self: Subscription, event: Event) -> None:
        if fnmatch.fnmatchcase(event.key, f"{self.prefix}*"):
            prefix, self.prefix = self.prefix, ""
            original(self, event)
            self.prefix = prefix


@mutant(
    Role.SERVER,
    "monitor_subscribe_then_put",
    disturbs=("monitor_*", "batch_*", "trade_*", "status_fail_after_k_*", "metadata_*", "cancel_*"),
)
def loses_first_events() -> None:
    """A subscriber is not told of the first change after its call."""
    told: set[Subscription] = set()

    @switch(Subscription, "offer")
    def offer(original: Any, self: Subscription, event: Event) -> None:
        if self in told:
            original(self, event)
        told.add(self)


@mutant(
    Role.SERVER,
    "monitor_order_1000",
    "monitor_two_subscribers",
    "monitor_timestamps_increase",
    disturbs=("monitor_queue_holds_1024", "monitor_slow_subscriber_ends"),
)
def swaps_events() -> None:
    """Changes of keys that end in 3 are told of after the change that follows them."""
    held: dict[Subscription, Event] = {}

    @switch(Subscription, "offer")
    def offer(original: Any, self: Subscription, event: Event) -> None:
        if event.key.endswith("3") and self not in held:
            held[self] = event
            return
        original(self, event)
        if self in held:
            original(self, held.pop(self))


@mutant(
    Role.SERVER,
    "monitor_timestamps_increase",
    "trade_fills_tick_the_clock",
    disturbs=("monitor_two_subscribers", "trade_two_clients_conserve"),
)
def repeats_timestamps() -> None:
    """Timestamps are those of a clock that ticks once in ten milliseconds."""

    @switch(Store, "_tick")
    def tick(original: Any, self: Store) -> int:
        return time.time_ns() // 10_000_000 * 10_000_000


@mutant(Role.SERVER, "monitor_delete_event")
def tells_deleted_values() -> None:
    """DELETE carries the value that the key had."""

    @switch(Store, "delete")
    def delete(original: Any, self: Store, key: str) -> None:
        value = self._values.get(key, b"")

        def publish(change: Change, key: str, _: bytes) -> None:
            Store._publish(self, change, key, value)

        vars(self)["_publish"] = publish
        try:
            original(self, key)
        finally:
            del vars(self)["_publish"]


@mutant(Role.SERVER, "monitor_slow_subscriber_ends")
def keeps_every_event() -> None:
    """A subscriber's queue has no end."""
    store.QUEUE_EVENTS = 1 << 30


@mutant(
    Role.SERVER,
    "monitor_queue_holds_1024",
    # It is delivered fast enough, or not.
    disturbs=("monitor_order_1000", "monitor_slow_subscriber_ends"),
)
def keeps_too_few_events() -> None:
    """A subscriber's queue has 500 events."""
    store.QUEUE_EVENTS = 500
