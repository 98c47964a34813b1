"""The checker, over known histories, random right ones, and every short one a plain search can judge."""

import itertools
import random

import pytest
from hypothesis import given, settings

from conformance.stock.histories import STEADY, anything, linearizable, operation
from conformance.stock.history import NOT_FOUND, History, Method, Operation, Totals
from conformance.stock.linearizable import EMPTY, State, apply, is_linearizable, partition

PUT, GET, DELETE, INVENTORY = Method


def in_turn(*calls: tuple[Method, object]) -> History:
    """Calls each of which ended before the next began."""
    return tuple(
        operation(method, 10 * n, 10 * n + 5, answer)  # type: ignore[arg-type]
        for n, (method, answer) in enumerate(calls)
    )


@pytest.mark.parametrize(
    ("history", "explained"),
    [
        ((), True),
        (in_turn((GET, NOT_FOUND), (PUT, b"1"), (GET, b"1")), True),
        (in_turn((PUT, b"1"), (DELETE, None), (GET, NOT_FOUND), (DELETE, NOT_FOUND)), True),
        (in_turn((PUT, b""), (GET, b"")), True),
        # A value that nobody has put; one that came too late; one that came back.
        (in_turn((GET, b"1")), False),
        (in_turn((PUT, b"1"), (GET, NOT_FOUND)), False),
        (in_turn((PUT, b"1"), (PUT, b"2"), (GET, b"1")), False),
        (in_turn((PUT, b"1"), (DELETE, None), (GET, b"1")), False),
        # A Delete that found nothing, and one that found what was gone.
        (in_turn((PUT, b"1"), (DELETE, NOT_FOUND)), False),
        (in_turn((PUT, b"1"), (DELETE, None), (DELETE, None)), False),
        (in_turn((PUT, b"22"), (INVENTORY, Totals(1, 2))), True),
        (in_turn((PUT, b"22"), (INVENTORY, Totals(1, 0))), False),
    ],
)
def test_one_after_the_other_there_is_one_order(history: History, explained: bool) -> None:
    assert is_linearizable(history) == explained


def test_at_once_any_order_will_do() -> None:
    one, two = operation(PUT, 0, 100, b"1"), operation(PUT, 0, 100, b"2")
    for last in (b"1", b"2"):
        assert is_linearizable((one, two, operation(GET, 110, 120, last)))
    first, second = operation(GET, 10, 20, b"1"), operation(GET, 30, 40, b"2")
    assert is_linearizable((one, two, first, second))
    # Both see both, in orders that cannot both be.
    back = operation(GET, 50, 60, b"1")
    assert not is_linearizable((one, two, first, second, back))


def test_what_touches_is_at_once() -> None:
    assert is_linearizable((operation(PUT, 0, 10, b"1"), operation(GET, 10, 20, NOT_FOUND)))
    assert not is_linearizable((operation(PUT, 0, 10, b"1"), operation(GET, 11, 20, NOT_FOUND)))


def test_what_is_not_known_may_have_taken_effect_or_not() -> None:
    put, later = operation(PUT, 0, None, b"1"), operation(GET, 50, 60, NOT_FOUND)
    before = operation(GET, 10, 20, b"1")
    assert is_linearizable((put, later))
    assert is_linearizable((put, operation(GET, 50, 60, b"1")))
    assert is_linearizable((put, later, operation(GET, 70, 80, b"1")))
    # Once it has, it stays; and never before it began.
    assert not is_linearizable((put, before, later))
    assert not is_linearizable((put._replace(start=90), before))
    # It removes what there is, or finds nothing.
    deletion = operation(DELETE, 0, None)
    assert is_linearizable((deletion, before._replace(method=PUT, value=b"1"), later))
    assert is_linearizable((deletion, operation(GET, 10, 20, NOT_FOUND)))


def test_keys_are_judged_apart_unless_they_are_counted() -> None:
    history = (operation(PUT, 0, 1, b"1"), operation(GET, 2, 3, b"1")._replace(key="other"))
    assert list(partition(history)) == [(history[0],), (history[1],)]
    counted = (*history, operation(INVENTORY, 4, 5, Totals(1, 1)))
    assert list(partition(counted)) == [counted]


@given(linearizable())
@STEADY
def test_what_one_order_made_is_explained(history: History) -> None:
    assert is_linearizable(history)
    assert all(map(is_linearizable, partition(history)))


@given(anything())
@settings(STEADY, max_examples=400)
def test_a_plain_search_agrees(history: History) -> None:
    explained = _by_trying_everything(history)
    assert is_linearizable(history) == explained
    assert all(map(is_linearizable, partition(history))) == explained


def _by_trying_everything(history: History) -> bool:
    """The definition itself: some choice of the unknown calls, in some order that time allows."""
    known = [call for call in history if call.known]
    unknown = [call for call in history if not call.known]
    return any(
        _in_time(order) and _replays(order)
        for count in range(len(unknown) + 1)
        for chosen in itertools.combinations(unknown, count)
        for order in itertools.permutations([*known, *chosen])
    )


def _in_time(order: tuple[Operation, ...]) -> bool:
    return all(
        later.end is None or later.end >= earlier.start
        for earlier, later in itertools.combinations(order, 2)
    )


def _replays(order: tuple[Operation, ...]) -> bool:
    state: State | None = EMPTY
    for call in order:
        state = None if state is None else apply(state, call)
    return state is not None


@pytest.mark.parametrize("wrong", [False, True])
def test_what_was_tried_is_not_tried_again(wrong: bool) -> None:
    """Without memory this would not end."""
    chance = random.Random(7)
    value, calls = b"", []
    for number in range(400):
        at = 10 * number
        start, end = at - chance.randint(0, 40), at + chance.randint(0, 40)
        if number % 2:
            calls.append(operation(GET, start, end, value))
        else:
            value = str(number).encode()
            calls.append(operation(PUT, start, end, value))
    if wrong:
        calls.append(operation(GET, 5000, 5001, b"0"))
    assert is_linearizable(calls) != wrong
