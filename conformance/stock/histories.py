"""Histories for tests: random ones that an order explains, and short ones of any answers."""

from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from conformance.stock.history import NOT_FOUND, Answer, History, Method, Operation, Totals
from conformance.stock.linearizable import EMPTY, State, apply

# The same in every run, however slow the machine is.
STEADY: Final = settings(
    derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

KEYS = ("a", "b")
# Few values, so that some are stored twice.
VALUES = (b"1", b"22", b"")
ANSWERS: tuple[Answer, ...] = (None, NOT_FOUND, *VALUES, Totals(0, 0), Totals(1, 1), Totals(2, 3))


def operation(method: Method, start: int, end: int | None, answer: Answer = None) -> Operation:
    """An operation of one client on one key; what Put stores stands for its answer."""
    value = answer if method is Method.PUT and isinstance(answer, bytes) else b""
    told = None if method is Method.PUT else answer
    key = "" if method is Method.INVENTORY else "k"
    return Operation("go", method, key, value, start, end, told)


def answer_of(state: State, method: Method, key: str) -> Answer:
    """What a right store answers."""
    values = dict(state)
    if method is Method.INVENTORY:
        return Totals(len(values), sum(map(len, values.values())))
    if method is Method.PUT:
        return None
    if key not in values:
        return NOT_FOUND
    return values[key] if method is Method.GET else None


@st.composite
def linearizable(draw: Any, most: int = 12) -> History:
    """What clients may have seen of a right store that did one thing after the other.

    Each call was under way at the instant of its effect, and for any time around it. Of some it is not
    known what came of them, and of those some have had no effect.
    """
    state: State = EMPTY
    calls = []
    for instant in range(0, 10 * draw(st.integers(0, most)), 10):
        method = draw(st.sampled_from(Method))
        key = "" if method is Method.INVENTORY else draw(st.sampled_from(KEYS))
        value = draw(st.sampled_from(VALUES)) if method is Method.PUT else b""
        start = instant - draw(st.integers(0, 35))
        end = instant + draw(st.integers(0, 35))
        call = Operation("go", method, key, value, start, end, answer_of(state, method, key))
        if draw(st.integers(0, 4)) == 0:
            call = call._replace(end=None, answer=None)
        if call.known or draw(st.booleans()):
            after = apply(state, call)
            assert after is not None, call
            state = after
        calls.append(call)
    return tuple(draw(st.permutations(calls)))


@st.composite
def anything(draw: Any, most: int = 5) -> History:
    """A short history of any answers at any times."""
    calls = []
    for _ in range(draw(st.integers(0, most))):
        method = draw(st.sampled_from(Method))
        start = draw(st.integers(0, 20))
        end = draw(st.none() | st.integers(start, 25))
        key = "" if method is Method.INVENTORY else draw(st.sampled_from(KEYS))
        value = draw(st.sampled_from(VALUES)) if method is Method.PUT else b""
        said = None if end is None else draw(st.sampled_from(_possible(method)))
        calls.append(Operation("go", method, key, value, start, end, said))
    return tuple(calls)


def _possible(method: Method) -> list[Answer]:
    match method:
        case Method.PUT:
            return [None]
        case Method.GET:
            return [NOT_FOUND, *VALUES]
        case Method.DELETE:
            return [None, NOT_FOUND]
        case Method.INVENTORY:
            return [answer for answer in ANSWERS if isinstance(answer, Totals)]
