"""Plain assertions for cases: each failure says what was looked at, what was expected and got."""

import itertools
from collections.abc import Collection, Sequence
from typing import Any

from conformance.runner.status_code import Code, code_name
from proto import session_pb2

_LONGEST = 400


class Mismatch(AssertionError):
    """A peer did something else than the case expects; the permutation has failed."""


def show(value: object) -> str:
    """A value as failure texts show it: one line, cut where it is long."""
    text = repr(value) if isinstance(value, (str, bytes)) else " ".join(str(value).split())
    size = f" ... ({len(value)} long)" if isinstance(value, (str, bytes)) else " ..."
    return text if len(text) <= _LONGEST else text[:_LONGEST] + size


def fail(what: str, expected: object, actual: object) -> Mismatch:
    """The failure of an expectation, to be raised by a case that has looked itself."""
    return Mismatch(f"{what}: expected {show(expected)}, got {show(actual)}")


def equal(actual: object, expected: object, what: str) -> None:
    """Expects two values to be equal."""
    if actual != expected:
        raise fail(what, expected, actual)


def true(condition: bool, what: str) -> None:
    """Expects a condition to hold; `what` tells the condition."""
    if not condition:
        raise Mismatch(f"expected {what}")


def one_of(actual: object, expected: Collection[object], what: str) -> None:
    """Expects one of some values."""
    if actual not in expected:
        raise fail(what, f"one of {expected}", actual)


def between(actual: float, low: float, high: float, what: str) -> None:
    """Expects low <= actual <= high; `what` names the unit too."""
    if not low <= actual <= high:
        raise Mismatch(f"{what}: expected {low} to {high}, got {actual}")


def contains(actual: Collection[Any], item: object, what: str) -> None:
    """Expects a collection, string or bytes to contain an item."""
    if item not in actual:
        raise Mismatch(f"{what}: expected {show(item)} within, got {show(actual)}")


def increasing(actual: Sequence[int], what: str) -> None:
    """Expects each value to be greater than the one before."""
    for before, after in itertools.pairwise(actual):
        if after <= before:
            raise Mismatch(f"{what}: expected a value greater than {before}, got {after}")


def status(actual: session_pb2.Status, code: Code, message: str | None = None) -> None:
    """Expects a status' code, and its message where one is given."""
    if actual.code != code or (message is not None and actual.message != message):
        expected = code.name if message is None else f"{code.name}: {message!r}"
        raise Mismatch(f"status: expected {expected}, got {show_status(actual)}")


def show_status(actual: session_pb2.Status) -> str:
    """A status as `NOT_FOUND: 'key not found: k'`."""
    name = code_name(actual.code)
    return f"{name}: {actual.message!r}" if actual.message else name


def values(metadata: session_pb2.Metadata, name: str) -> list[bytes]:
    """The values of one metadata name, in order."""
    return [entry.value for entry in metadata.entries if entry.name == name]
