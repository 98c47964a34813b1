"""Shrinking: to what a person can read, and never to something that a right store might have done."""

import random

from hypothesis import assume, given, settings

from conformance.stock.histories import STEADY, anything, linearizable, operation
from conformance.stock.history import NOT_FOUND, History, Method, Operation, Totals, table
from conformance.stock.linearizable import is_linearizable
from conformance.stock.shrink import counterexample, shortened, until

PUT, GET, DELETE, INVENTORY = Method


@given(linearizable())
@STEADY
def test_nothing_is_made_wrong_by_leaving_out(history: History) -> None:
    assert counterexample(history) is None
    for shorter in shortened(history):
        assert len(shorter) < len(history)
        assert is_linearizable(shorter)
    for call in history:
        assert is_linearizable(until(history, call.start))


@given(anything())
@settings(STEADY, max_examples=400)
def test_what_is_left_fails_and_cannot_be_shorter(history: History) -> None:
    found = counterexample(history)
    assume(found is not None)
    assert found is not None
    assert not is_linearizable(found)
    assert all(map(is_linearizable, shortened(found)))
    assert {call[:5] for call in found} <= {call[:5] for call in history}


def test_a_stale_answer_among_many_is_left_with_its_cause() -> None:
    chance = random.Random(3)
    calls: list[Operation] = []
    for number in range(100):
        key = chance.choice("ab")
        value = str(number).encode()
        put = Operation("go", PUT, key, value, 20 * number, 20 * number + 5)
        calls += [put, Operation("rust", GET, key, b"", put.start + 10, put.start + 15, value)]
    stale = calls[121]
    before = [call for call in calls[:120] if call.method is PUT and call.key == stale.key]
    calls[121] = stale._replace(answer=before[-1].value)
    assert counterexample(tuple(calls)) == (before[-1], calls[120], calls[121])


def test_a_removed_value_that_comes_back() -> None:
    put, deleted = operation(PUT, 0, 1, b"1"), operation(DELETE, 2, 3)
    again = operation(GET, 4, 5, b"1")
    noise = (operation(GET, 0, 9, NOT_FOUND), operation(PUT, 20, 21, b"2"))
    assert counterexample((put, deleted, again, *noise)) == (put, deleted, again)


def test_the_past_of_a_key_is_left_out() -> None:
    calls = [
        operation(method, 10 * n, 10 * n + 5, b"1" if method is PUT else None)
        for n, method in enumerate([PUT, DELETE] * 20)
    ]
    beside = operation(DELETE, 399, 420)
    put, missed = operation(PUT, 400, 410, b"2"), operation(GET, 430, 440, NOT_FOUND)
    assert counterexample((*calls, put, missed)) == (put, missed)
    assert counterexample((*calls, put, beside, missed)) is None


def test_what_a_delete_beside_a_put_has_found_is_forgotten() -> None:
    before, deleted = operation(PUT, 0, 1, b"1"), operation(DELETE, 2, 9)
    put, read = operation(PUT, 5, 6, b"2"), operation(GET, 20, 21, b"2")
    assert is_linearizable((before, deleted, put, read))
    assert not is_linearizable((deleted, put, read))
    forgotten = deleted._replace(end=None)
    assert (forgotten, put, read) in list(shortened((before, deleted, put, read)))


def test_the_first_of_two_faults_is_told() -> None:
    put, missed = operation(PUT, 0, 1, b"1"), operation(GET, 2, 3, NOT_FOUND)
    other, stale = operation(PUT, 10, 11, b"2"), operation(GET, 20, 21, b"1")
    calm = [operation(GET, n - 50, n - 49, NOT_FOUND) for n in range(9)]
    assert counterexample((other, stale, put, missed, *calm)) == (put, missed)


def test_an_operation_a_line() -> None:
    history = (
        Operation("rust", GET, "key", b"", 2_000_000, 3_500_000, NOT_FOUND),
        Operation("go", PUT, "key", b"1\xff", 1_000_000, None),
        Operation("go", INVENTORY, "", b"", 2_250_000, 2_250_000, Totals(1, 2)),
        Operation("go", DELETE, "key", b"", 4_000_000, 4_125_000),
        Operation("go", GET, "key", b"", 4_000_000, 4_125_000, b""),
    )
    assert table(history).splitlines() == [
        "client  call           start    end  answer",
        "go      Put key 1\\xff  0.000         unknown: it took effect at some time, or never",
        "rust    Get key        1.000  2.500  NOT_FOUND",
        "go      Inventory      1.250  1.250  1 items, 2 bytes",
        "go      Delete key     3.000  3.125  OK",
        "go      Get key        3.000  3.125  nothing",
    ]
