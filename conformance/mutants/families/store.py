"""Servers whose store is wrong: keys, values, order, events, positions."""

import fnmatch
import time
import unicodedata
from typing import Any

from conformance.mutants.mutant import Role, mutant, switch
from python import store
from python.store import Change, Event, Fill, MissingKeyError, Store, Subscription, Totals


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


@mutant(Role.SERVER, "unary_put_empty_value", "unary_overwrite", disturbs=("batch_summary",))
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


@mutant(
    Role.SERVER,
    "trade_sell_short_rejected",
    "trade_two_clients_conserve",
    disturbs=("trade_fills_tick_the_clock",),
)
def sells_short() -> None:
    """SELL takes a position below zero."""

    @switch(Store, "_sell")
    def sell(original: Any, self: Store, symbol: str, quantity: int) -> tuple[bool, int, str]:
        self._positions[symbol] = self._positions.get(symbol, 0) - quantity
        return True, quantity, "sold"


@mutant(Role.SERVER, "trade_position_limit")
def wraps_positions() -> None:
    """BUY past the largest position wraps around, as an int32 does."""

    @switch(Store, "_buy")
    def buy(original: Any, self: Store, symbol: str, quantity: int) -> tuple[bool, int, str]:
        position = self._positions.get(symbol, 0) + quantity
        self._positions[symbol] = (position + 2**31) % 2**32 - 2**31
        return True, quantity, "bought"


@mutant(Role.SERVER, "trade_checks_in_order")
def looks_at_the_quantity_first() -> None:
    """The quantity is looked at before symbol and type."""

    @switch(Store, "_judge")
    def judge(original: Any, self: Store, kind: int, symbol: str, quantity: int) -> Any:
        if kind != store.Order.QUERY and quantity <= 0:
            return False, 0, "quantity must be positive"
        return original(self, kind, symbol, quantity)


@mutant(Role.SERVER, "trade_two_clients_conserve")
def fills_in_two_steps() -> None:
    """Between reading a position and writing it, other fills come in."""

    @switch(Store, "trade")
    def trade(original: Any, self: Store, kind: int, symbol: str, quantity: int) -> Fill:
        before = self._positions.get(symbol, 0)
        fill: Fill = original(self, kind, symbol, quantity)
        after = self._positions.get(symbol, 0)
        time.sleep(0.001)  # the others' turn
        self._positions[symbol] = max(0, after if fill.success else before)
        return fill
