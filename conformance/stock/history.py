"""What several clients did to one store: their calls, when each began and ended, what it was answered."""

import enum
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple


class Method(enum.StrEnum):
    """What an operation calls."""

    PUT = "Put"
    GET = "Get"
    DELETE = "Delete"
    INVENTORY = "Inventory"


class Totals(NamedTuple):
    """What Inventory counts."""

    items: int
    bytes: int


class NotFound(enum.Enum):
    """The answer NOT_FOUND."""

    NOT_FOUND = "NOT_FOUND"


NOT_FOUND: Final = NotFound.NOT_FOUND

# Of Get a value, of Inventory its totals, of Put and Delete that they were done: None.
Answer = bytes | Totals | NotFound | None


class Operation(NamedTuple):
    """One call on a store."""

    client: str
    method: Method
    # Empty for Inventory.
    key: str
    # What Put stores.
    value: bytes
    # Nanoseconds on the runner's clock: before anything was sent, and after everything had come.
    start: int
    # None where it is not known what came of it: it may take effect at any later time, or never.
    end: int | None
    answer: Answer = None

    @property
    def known(self) -> bool:
        """Whether it is known what came of it."""
        return self.end is not None


History = tuple[Operation, ...]


def table(history: Iterable[Operation]) -> str:
    """The operations by their start, a line each, in milliseconds from the first one's."""
    ordered = sorted(history, key=lambda operation: operation.start)
    zero = ordered[0].start if ordered else 0
    rows = [
        ("client", "call", "start", "end", "answer"),
        *(tuple(_cells(operation, zero)) for operation in ordered),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        f"{client:<{widths[0]}}  {call:<{widths[1]}}  {start:>{widths[2]}}  {end:>{widths[3]}}  {said}"
        for client, call, start, end, said in rows
    )
    return "\n".join(lines)


def _cells(operation: Operation, zero: int) -> Iterator[str]:
    yield operation.client
    parts = [operation.method.value, operation.key]
    if operation.method is Method.PUT:
        parts.append(_shown(operation.value))
    yield " ".join(filter(None, parts))
    yield f"{(operation.start - zero) / 1e6:.3f}"
    yield "" if operation.end is None else f"{(operation.end - zero) / 1e6:.3f}"
    yield _said(operation)


def _said(operation: Operation) -> str:
    if not operation.known:
        return "unknown: it took effect at some time, or never"
    match operation.answer:
        case None:
            return "OK"
        case NotFound():
            return "NOT_FOUND"
        case Totals(items, size):
            return f"{items} items, {size} bytes"
        case value:
            return _shown(value)


def _shown(value: bytes) -> str:
    return value.decode("ascii", "backslashreplace") or "nothing"
