"""Decides whether a history is linearizable: whether one order of its calls explains every answer.

In that order each call takes effect at one instant between its start and its end. The search is that
of Wing and Gong, with the memory that Lowe gave it ("Testing for linearizability", 2017): what was
tried once, the same calls done and the same store left, is not tried again. Keys are judged one by
one where no call looks at more than one (Herlihy and Wing: linearizability is local).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from conformance.stock.history import NOT_FOUND, History, Method, Operation, Totals

# The values by key, sorted; hashable, so that it can be remembered.
State = tuple[tuple[str, bytes], ...]

EMPTY: Final[State] = ()


def partition(history: History) -> Iterator[History]:
    """The parts that can be judged one by one: the keys', or all where a call counts them."""
    if any(operation.method is Method.INVENTORY for operation in history):
        yield history
        return
    by_key: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in history:
        by_key[operation.key].append(operation)
    yield from (tuple(by_key[key]) for key in sorted(by_key))


def is_linearizable(history: Iterable[Operation]) -> bool:
    """Whether there is such an order, on a store that is empty at first.

    What became of an operation without an end is not known: it may stand anywhere after its start,
    or nowhere.
    """
    calls = sorted(history, key=lambda operation: operation.start)
    # A set of calls is a number, bit by bit in the order of their starts.
    begun = (0, EMPTY)
    seen = {begun}
    left = [begun]
    while left:
        done, state = left.pop()
        nearest = _next(calls, done)
        if all(not calls[index].known for index in nearest):
            return True
        for index in reversed(nearest):
            after = apply(state, calls[index])
            if after is not None and (step := (done | 1 << index, after)) not in seen:
                seen.add(step)
                left.append(step)
    return False


def _next(calls: list[Operation], done: int) -> list[int]:
    """Calls that may come next: those that no other one, not done yet, has ended before."""
    nearest: list[int] = []
    ended = math.inf
    # The lowest bit that is not set.
    first = (~done & (done + 1)).bit_length() - 1
    for index in range(first, len(calls)):
        if done >> index & 1:
            continue
        call = calls[index]
        if call.start > ended:
            break
        nearest.append(index)
        ended = min(ended, math.inf if call.end is None else call.end)
    return nearest


def apply(state: State, call: Operation) -> State | None:
    """The store after a call has taken effect; None where it would have been answered otherwise."""
    values = dict(state)
    value = values.get(call.key)
    match call.method:
        case Method.PUT:
            values[call.key] = call.value
        case Method.GET:
            fits = call.answer == (NOT_FOUND if value is None else value)
            return state if fits or not call.known else None
        case Method.DELETE:
            fits = call.answer == (NOT_FOUND if value is None else None)
            if not fits and call.known:
                return None
            values.pop(call.key, None)
        case Method.INVENTORY:
            counted = Totals(len(values), sum(map(len, values.values())))
            return state if counted == call.answer or not call.known else None
    return tuple(sorted(values.items()))
