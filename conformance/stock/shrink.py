"""Makes a history that is not linearizable short enough to be read, and keeps it honest.

What is left out never makes the rest fail: no linearizable history becomes one that is not. So what is
left at the end is a fault of the store, not of the leaving out. That a write can be left out only with
all that may have seen it is what this costs.
"""

from collections.abc import Iterator

from conformance.stock.history import NOT_FOUND, History, Method, Operation
from conformance.stock.linearizable import is_linearizable, partition


def counterexample(history: History) -> History | None:
    """A short history of the same calls that no order explains; None for a linearizable one."""
    for part in partition(history):
        if not is_linearizable(part):
            return _shortest(_earliest(part))
    return None


def _earliest(history: History) -> History:
    """What had happened by the first answer that cannot be."""
    ends = sorted(operation.end for operation in history if operation.end is not None)
    low, high = 0, len(ends) - 1
    while low < high:
        middle = (low + high) // 2
        if is_linearizable(until(history, ends[middle])):
            low = middle + 1
        else:
            high = middle
    return until(history, ends[low])


def until(history: History, time: int) -> History:
    """What was known of a history at a time: what had not ended by then may have taken effect."""
    return tuple(
        call if call.end is None or call.end <= time else call._replace(end=None, answer=None)
        for call in history
        if call.start <= time
    )


def _shortest(history: History) -> History:
    """The history without anything that can be left out while it fails."""
    while shorter := next((h for h in shortened(history) if not is_linearizable(h)), None):
        history = shorter
    return history


def shortened(history: History) -> Iterator[History]:
    """The history without what came before a Put, and without one call each."""
    for call in history:
        if call.method is Method.PUT and call.end is not None:
            later = tuple(_since(history, call, call.end))
            if len(later) < len(history):
                yield later
    for call in history:
        left = tuple(
            other for other in history if other is not call and not _saw_effect(call, other)
        )
        if call.method is not Method.PUT or not any(_removed_a_value(call, o) for o in left):
            yield left


def _since(history: History, put: Operation, end: int) -> Iterator[Operation]:
    """A history without what the Put made the past of its key, but for values that are read later.

    What was under way beside it may have come later. It goes where it changed nothing; of a Delete
    is forgotten what it has found, and so whether it came later.
    """
    read = {call.answer for call in history if call.start > end and call.key == put.key}
    for call in history:
        if call is put or call.start > end or call.key not in {put.key, ""}:
            yield call
        elif call.method is Method.PUT:
            if call.end is None or call.end >= put.start or call.value in read:
                yield call
        elif (
            call.method is Method.DELETE
            and call.answer is not NOT_FOUND
            and (call.end is None or call.end >= put.start)
        ):
            yield call._replace(end=None, answer=None)


def _saw_effect(call: Operation, other: Operation) -> bool:
    """Whether another call may have been answered by what a call has changed."""
    if other.end is None or other.end < call.start:
        return False
    match call.method:
        case Method.PUT:
            seen = other.method is Method.GET and other.answer == call.value
        case Method.DELETE:
            seen = other.answer is NOT_FOUND
        case _:
            return False
    return other.method is Method.INVENTORY or (seen and other.key == call.key)


def _removed_a_value(put: Operation, other: Operation) -> bool:
    """Whether another call may have been answered by a Put's having given its key some value."""
    return (
        other.method is Method.DELETE
        and other.key == put.key
        and other.end is not None
        and other.end >= put.start
        and other.answer is None
    )
