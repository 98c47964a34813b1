"""The store: keys, values, positions, events in the order of commit, one clock."""

from collections.abc import Iterator

import pytest

from python import store
from python.store import Change, InvalidKeyError, MissingKeyError, Order, Store, Stores, is_key

GOOD_KEYS = ["a", "../x", "a//b", "*", "__proto__", " ", "é", "\U0001f600", "k" * 1024]
BAD_KEYS = ["", "a\0b", "k" * 1025, "é" * 513]


def ticking(*readings: int) -> Store:
    """A store whose clock reads these numbers."""
    clock: Iterator[int] = iter(readings)
    return Store(lambda: next(clock))


@pytest.mark.parametrize("key", GOOD_KEYS)
def test_a_key_is_opaque(key: str) -> None:
    kept = Store()
    kept.put(key, b"value")
    assert is_key(key)
    assert kept.get(key) == b"value"


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_bad_key_is_refused_and_changes_nothing(key: str) -> None:
    kept = Store()
    for call in (kept.get, kept.delete, lambda key: kept.put(key, b"")):
        with pytest.raises(InvalidKeyError):
            call(key)
    if key:
        with pytest.raises(InvalidKeyError):
            kept.subscribe(key)
    assert kept.totals() == store.Totals(0, 0)


def test_normal_forms_are_two_keys() -> None:
    kept = Store()
    kept.put("\u00e9", b"one")
    kept.put("e\u0301", b"two")
    assert (kept.get("\u00e9"), kept.get("e\u0301")) == (b"one", b"two")


def test_totals_follow_changes() -> None:
    kept = Store()
    kept.put("a", b"123")
    kept.put("b", b"")
    kept.put("a", b"1")
    assert kept.totals() == store.Totals(2, 1)
    kept.delete("a")
    for call in (kept.get, kept.delete):
        with pytest.raises(MissingKeyError, match=r"^a$"):
            call("a")
    assert kept.totals() == store.Totals(1, 0)


def test_the_clock_never_stands_still() -> None:
    kept = ticking(100, 100, 90, 300)
    ticks = [kept.trade(Order.QUERY, "x", 0).timestamp for _ in range(4)]
    assert ticks == [100, 101, 102, 300]


def test_a_subscriber_is_told_what_matches_from_now_on() -> None:
    kept = ticking(1, 2, 3, 4, 5)
    kept.put("ab", b"before")
    subscription = kept.subscribe("a")
    kept.put("ab", b"after")
    kept.put("b", b"other")
    kept.delete("ab")
    subscription.close()
    kept.put("ab", b"late")
    assert list(subscription) == [
        store.Event(Change.PUT, "ab", b"after", 2),
        store.Event(Change.DELETE, "ab", b"", 4),
    ]
    assert not subscription.too_slow


def test_a_queue_holds_1024_events_and_the_next_one_ends_it() -> None:
    kept = Store()
    enough, slow = kept.subscribe(""), kept.subscribe("")
    for number in range(1024):
        kept.put(f"key {number}", b"")
    enough.close()
    kept.put("one more", b"")
    assert len(list(enough)) == 1024
    assert slow.too_slow
    assert list(slow) == []


@pytest.mark.parametrize(
    ("order", "symbol", "quantity", "expected"),
    [
        (Order.BUY, "acme", 3, (True, 3, "bought")),
        (Order.SELL, "acme", 5, (True, 5, "sold")),
        (Order.SELL, "acme", 6, (False, 0, "insufficient position: have 5, want 6")),
        (Order.BUY, "acme", 2**31 - 6, (True, 2**31 - 6, "bought")),
        (Order.BUY, "acme", 2**31 - 5, (False, 0, "position limit")),
        (Order.BUY, "acme", 0, (False, 0, "quantity must be positive")),
        (Order.SELL, "acme", -1, (False, 0, "quantity must be positive")),
        (Order.QUERY, "acme", -1, (True, 5, "position")),
        (Order.QUERY, "other", 0, (True, 0, "position")),
        (7, "acme", 0, (False, 0, "unknown order type: 7")),
        (7, "", 0, (False, 0, "invalid symbol")),
        (Order.BUY, "a\0", 1, (False, 0, "invalid symbol")),
    ],
)
def test_an_order_is_filled_or_refused(
    order: int, symbol: str, quantity: int, expected: tuple[bool, int, str]
) -> None:
    kept = Store()
    kept.trade(Order.BUY, "acme", 5)
    watching = kept.subscribe("")
    fill = kept.trade(order, symbol, quantity)
    watching.close()
    assert (fill.success, fill.quantity, fill.message) == expected
    # A fill is no key and no event.
    assert list(watching) == []
    assert kept.totals().items == 0


def test_stores_are_apart_and_can_be_forgotten() -> None:
    stores = Stores()
    stores.use("one")
    stores.current().put("key", b"one")
    stores.use("two")
    assert stores.current().totals().items == 0
    stores.forget(["one", "never used"])
    stores.use("one")
    assert stores.current().totals().items == 0
