"""The state of a server: named stores of values and positions, each changed one at a time under its own clock."""

from __future__ import annotations

import collections
import enum
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

KEY_BYTES = 1024
QUEUE_EVENTS = 1024
MAX_POSITION = 2**31 - 1


class InvalidKeyError(Exception):
    """A key or key prefix breaks the key rule."""


class MissingKeyError(Exception):
    """A key has no value; the one argument is the key."""


class Change(enum.Enum):
    """What a commit did to its key."""

    PUT = "PUT"
    DELETE = "DELETE"


class Order(enum.IntEnum):
    """What an order does to a position; the numbers are those of the wire."""

    BUY = 0
    SELL = 1
    QUERY = 2


@dataclass(frozen=True, slots=True)
class Event:
    """One commit. `timestamp` is in Unix nanoseconds, strictly increasing within a store."""

    change: Change
    key: str
    value: bytes
    timestamp: int


@dataclass(frozen=True, slots=True)
class Fill:
    """The answer to one order. `quantity` is the position for a query and 0 for a refusal."""

    success: bool
    quantity: int
    message: str
    timestamp: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Keys in a store and the bytes of their values, at one instant."""

    items: int
    bytes: int


def is_key(text: str) -> bool:
    """Whether `text` obeys the key rule: 1 to 1,024 bytes of UTF-8 without U+0000."""
    return 0 < len(text) <= KEY_BYTES and "\0" not in text and len(text.encode()) <= KEY_BYTES


class Subscription:
    """The events of one subscriber, in the order of commit.

    Iterating blocks for the next event and stops once the subscription has ended. Whoever subscribed
    closes it, from any thread.
    """

    def __init__(self, prefix: str, closed: Callable[[Subscription], None]) -> None:
        self.prefix = prefix
        self.too_slow = False
        self._closed = closed
        self._events: collections.deque[Event] = collections.deque()
        self._open = True
        self._changed = threading.Condition()

    def offer(self, event: Event) -> None:
        """Queues an event that matches. The one that finds the queue full ends the subscription instead."""
        if self.too_slow or not event.key.startswith(self.prefix):
            return
        with self._changed:
            if len(self._events) == QUEUE_EVENTS:
                self.too_slow = True
                self._events.clear()
            else:
                self._events.append(event)
            self._changed.notify()

    def close(self) -> None:
        """Ends the subscription: the store forgets it, and iterating stops after what is queued."""
        self._closed(self)
        with self._changed:
            self._open = False
            self._changed.notify()

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        with self._changed:
            while self._open and not self.too_slow and not self._events:
                self._changed.wait()
            if not self._events:
                raise StopIteration
            return self._events.popleft()


class Store:
    """Values under keys, a position per symbol, and the subscribers to the changes. Safe for threads."""

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last_tick = 0
        self._values: dict[str, bytes] = {}
        self._positions: dict[str, int] = {}
        self._subscriptions: set[Subscription] = set()

    def get(self, key: str) -> bytes:
        """The value of `key`. Raises InvalidKeyError, MissingKeyError."""
        self._check(key)
        with self._lock:
            try:
                return self._values[key]
            except KeyError:
                raise MissingKeyError(key) from None

    def put(self, key: str, value: bytes) -> None:
        """Stores a value and publishes the change. Raises InvalidKeyError."""
        self._check(key)
        with self._lock:
            self._values[key] = value
            self._publish(Change.PUT, key, value)

    def delete(self, key: str) -> None:
        """Removes a key and publishes the change. Raises InvalidKeyError, MissingKeyError."""
        self._check(key)
        with self._lock:
            if key not in self._values:
                raise MissingKeyError(key)
            del self._values[key]
            self._publish(Change.DELETE, key, b"")

    def totals(self) -> Totals:
        """Counts keys and the bytes of their values."""
        with self._lock:
            return Totals(len(self._values), sum(map(len, self._values.values())))

    def subscribe(self, prefix: str) -> Subscription:
        """Subscribes to every later change whose key starts with `prefix`. Raises InvalidKeyError."""
        if prefix:
            self._check(prefix)
        subscription = Subscription(prefix, self._forget)
        with self._lock:
            self._subscriptions.add(subscription)
        return subscription

    def trade(self, order: int, symbol: str, quantity: int) -> Fill:
        """Carries out one order, or refuses it, as one step."""
        with self._lock:
            success, filled, message = self._judge(order, symbol, quantity)
            return Fill(success, filled, message, self._tick())

    def _check(self, key: str) -> None:
        if not is_key(key):
            raise InvalidKeyError

    def _tick(self) -> int:
        self._last_tick = max(self._clock(), self._last_tick + 1)
        return self._last_tick

    def _publish(self, change: Change, key: str, value: bytes) -> None:
        event = Event(change, key, value, self._tick())
        for subscription in self._subscriptions:
            subscription.offer(event)

    def _forget(self, subscription: Subscription) -> None:
        with self._lock:
            self._subscriptions.discard(subscription)

    def _judge(self, order: int, symbol: str, quantity: int) -> tuple[bool, int, str]:
        if not is_key(symbol):
            return False, 0, "invalid symbol"
        if order == Order.QUERY:
            return True, self._positions.get(symbol, 0), "position"
        if order not in (Order.BUY, Order.SELL):
            return False, 0, f"unknown order type: {order}"
        if quantity <= 0:
            return False, 0, "quantity must be positive"
        return self._buy(symbol, quantity) if order == Order.BUY else self._sell(symbol, quantity)

    def _buy(self, symbol: str, quantity: int) -> tuple[bool, int, str]:
        position = self._positions.get(symbol, 0)
        if position + quantity > MAX_POSITION:
            return False, 0, "position limit"
        self._positions[symbol] = position + quantity
        return True, quantity, "bought"

    def _sell(self, symbol: str, quantity: int) -> tuple[bool, int, str]:
        position = self._positions.get(symbol, 0)
        if quantity > position:
            return False, 0, f"insufficient position: have {position}, want {quantity}"
        self._positions[symbol] = position - quantity
        return True, quantity, "sold"


class Stores:
    """The stores of a process by name; the default one has the empty name. A store is made when first named."""

    def __init__(self, make: Callable[[], Store] = Store) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._stores: dict[str, Store] = {}
        # Per call, not per thread: gRPC runs each call in a context of its own.
        self._name: ContextVar[str] = ContextVar("store", default="")

    def use(self, name: str) -> None:
        """Makes `name` the store of the call that runs in the current context."""
        self._name.set(name)

    def current(self) -> Store:
        """The store of the call that runs in the current context."""
        name = self._name.get()
        with self._lock:
            if name not in self._stores:
                self._stores[name] = self._make()
            return self._stores[name]

    def forget(self, names: Iterable[str]) -> None:
        """Drops stores; a name without one is fine. A call that still uses one keeps it to its end."""
        with self._lock:
            for name in names:
                self._stores.pop(name, None)
