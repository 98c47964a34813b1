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
    """The history without one call each, and without what may have seen that call's effect."""
    for call in history:
        if call.method is Method.PUT:
            yield from _without_put(history, call)
        elif call.method is Method.DELETE:
            yield tuple(
                other
                for other in history
                if other is not call and not (_after(call, other) and _saw_no_value(call, other))
            )
        else:
            yield tuple(other for other in history if other is not call)


def _without_put(history: History, put: Operation) -> Iterator[History]:
    left = tuple(
        other
        for other in history
        if other is not put and not (_after(put, other) and _saw_its_value(put, other))
    )
    removers = [other for other in left if _after(put, other) and _removed_a_value(put, other)]
    if not removers:
        yield left
    else:
        # A Delete that was done has seen some value. Without it nothing may be left that saw none.
        yield tuple(
            other for other in left if other not in removers and not _saw_no_value(put, other)
        )


def _after(call: Operation, other: Operation) -> bool:
    """Whether another call may have come after a call."""
    return other.end is None or other.end >= call.start


def _saw_its_value(put: Operation, other: Operation) -> bool:
    """Whether another call was answered by what a Put has stored."""
    if other.method is Method.INVENTORY:
        return other.known
    return other.method is Method.GET and other.key == put.key and other.answer == put.value


def _saw_no_value(call: Operation, other: Operation) -> bool:
    """Whether another call was answered by a key's having no value."""
    if other.method is Method.INVENTORY:
        return other.known
    return other.key == call.key and other.answer is NOT_FOUND


def _removed_a_value(put: Operation, other: Operation) -> bool:
    """Whether another call was answered by a key's having had some value."""
    return (
        other.method is Method.DELETE
        and other.key == put.key
        and other.known
        and other.answer is None
    )
