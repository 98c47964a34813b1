"""Servers that are right for one client alone, and wrong as soon as another one is at work."""

import dataclasses
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from conformance.mutants.mutant import Role, mutant, switch
from python import store
from python.service import KvService, StockService
from python.store import Event, Store, Subscription, Totals

# Seconds: long enough for calls of others to come in between, on a loaded machine too.
_OTHERS_TURN: Final = 0.01

# Whose call a thread is at: the address of its connection.
_CALLER = threading.local()


def _know_callers() -> None:
    """Has the store know whose call it serves."""
    stock = [(StockService, method) for method in ("Get", "Put", "Delete", "Monitor", "Batch")]
    for service, method in (*stock, (KvService, "Get"), (KvService, "Put")):

        @switch(service, method)
        def call(original: Any, self: Any, request: Any, context: Any) -> Any:
            _CALLER.peer = context.peer()
            return original(self, request, context)


def _know_subscribers() -> Callable[[Subscription], bool]:
    """Tells whether a change is of the connection that a subscription is of."""
    _know_callers()
    callers: dict[Subscription, str] = {}

    @switch(Store, "subscribe")
    def subscribe(original: Any, self: Store, prefix: str) -> Subscription:
        subscription: Subscription = original(self, prefix)
        callers[subscription] = _CALLER.peer
        return subscription

    return lambda subscription: callers[subscription] == _CALLER.peer


@mutant(
    Role.SERVER,
    "clients_see_changes_at_once",
    "clients_linearizable_keys",
    disturbs=("clients_relay_by_every_way",),
)
def keeps_a_cache_for_each_connection() -> None:
    """What a connection has read or put is what it reads, whatever others put."""
    _know_callers()
    caches: defaultdict[tuple[Store, str], dict[str, bytes]] = defaultdict(dict)

    @switch(Store, "get")
    def get(original: Any, self: Store, key: str) -> Any:
        cache = caches[self, _CALLER.peer]
        if key not in cache:
            cache[key] = original(self, key)
        return cache[key]

    @switch(Store, "put")
    def put(original: Any, self: Store, key: str, value: bytes) -> None:
        original(self, key, value)
        caches[self, _CALLER.peer][key] = value

    @switch(Store, "delete")
    def delete(original: Any, self: Store, key: str) -> None:
        caches[self, _CALLER.peer].pop(key, None)
        original(self, key)


@mutant(
    Role.SERVER,
    "unary_relay",
    "clients_see_changes_at_once",
    "clients_linearizable_keys",
    disturbs=("clients_relay_by_every_way",),
)
def shows_values_to_others_late() -> None:
    """The first Get of another connection after a Put still reads what was there before."""
    _know_callers()
    before: dict[tuple[Store, str], tuple[str, bytes | None]] = {}

    @switch(Store, "put")
    def put(original: Any, self: Store, key: str, value: bytes) -> None:
        old = self._values.get(key)
        original(self, key, value)
        before[self, key] = _CALLER.peer, old

    @switch(Store, "get")
    def get(original: Any, self: Store, key: str) -> Any:
        peer, old = before.get((self, key), (_CALLER.peer, None))
        if peer == _CALLER.peer:
            return original(self, key)
        del before[self, key]
        if old is None:
            raise store.MissingKeyError(key)
        return old


@mutant(Role.SERVER, "clients_linearizable_keys", "clients_linearizable_totals")
def replaces_in_two_steps() -> None:
    """Put over a value first removes it: for ten milliseconds the key has none."""

    @switch(Store, "put")
    def put(original: Any, self: Store, key: str, value: bytes) -> None:
        if self._values.pop(key, None) is not None:
            time.sleep(_OTHERS_TURN)
        original(self, key, value)


@mutant(Role.SERVER, "clients_linearizable_totals")
def counts_in_two_steps() -> None:
    """Inventory counts the keys first, and their bytes ten milliseconds later."""

    @switch(Store, "totals")
    def totals(original: Any, self: Store) -> Totals:
        items = original(self).items
        time.sleep(_OTHERS_TURN)
        return Totals(items, original(self).bytes)


@mutant(
    Role.SERVER,
    "clients_monitor_each_other",
    "clients_relay_by_every_way",
    "clients_monitor_one_order",
)
def hides_changes_of_others() -> None:
    """Monitor shows a connection its own changes only."""
    mine = _know_subscribers()

    @switch(Subscription, "offer")
    def offer(original: Any, self: Subscription, event: Event) -> None:
        if mine(self):
            original(self, event)


@mutant(
    Role.SERVER,
    "clients_monitor_each_other",
    "clients_relay_by_every_way",
    disturbs=("clients_monitor_one_order",),
)
def shows_changes_of_others_late() -> None:
    """Monitor shows a change of another connection when the next change comes."""
    mine = _know_subscribers()
    held: dict[Subscription, Event] = {}

    @switch(Subscription, "offer")
    def offer(original: Any, self: Subscription, event: Event) -> None:
        if self in held:
            original(self, held.pop(self))
        if mine(self):
            original(self, event)
        else:
            held[self] = event


@mutant(Role.SERVER, "clients_monitor_one_order")
def stamps_changes_of_others_later() -> None:
    """Monitor tells another connection a timestamp that is a nanosecond later."""
    mine = _know_subscribers()

    @switch(Subscription, "offer")
    def offer(original: Any, self: Subscription, event: Event) -> None:
        later = dataclasses.replace(event, timestamp=event.timestamp + 1)
        original(self, event if mine(self) else later)
