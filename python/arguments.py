"""The arguments of the operations: keys, items and orders."""

from __future__ import annotations

import re
from typing import NamedTuple

from python.grammar import UsageError

_ORDER = re.compile(rb"(?P<kind>buy|sell):(?P<symbol>.*):(?P<number>-?[0-9]{1,10})", re.DOTALL)
_QUERY = re.compile(rb"(?P<kind>query):(?P<symbol>.*)", re.DOTALL)
_INT32 = range(-(2**31), 2**31)


class OrderArgument(NamedTuple):
    """One argument of trade. `kind` is `BUY`, `SELL` or `QUERY`; the quantity of a query is 0."""

    kind: str
    symbol: str
    quantity: int


def parse_key(operation: str, argument: bytes) -> str:
    """A key as text. Raises UsageError where it is not UTF-8, which cannot be sent."""
    try:
        return argument.decode()
    except UnicodeDecodeError:
        raise UsageError(f"{operation}: {shown(argument)} given, a key of UTF-8 expected") from None


def parse_item(argument: bytes) -> tuple[str, bytes]:
    """Key and value of an item of a batch, `KEY=VALUE`, at its first `=`. Raises UsageError."""
    key, equals, value = argument.partition(b"=")
    if not equals:
        raise UsageError(f"batch: {shown(argument)} given, KEY=VALUE expected")
    return parse_key("batch", key), value


def parse_order(argument: bytes) -> OrderArgument:
    """`buy:SYMBOL:N` and `sell:SYMBOL:N` at the first colon and the last, `query:SYMBOL` at the first.

    Raises UsageError.
    """
    match = _ORDER.fullmatch(argument) or _QUERY.fullmatch(argument)
    quantity = int(match.groupdict().get("number") or 0) if match else 0
    if match is None or quantity not in _INT32:
        expected = "buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL"
        raise UsageError(f"trade: {shown(argument)} given, {expected} expected")
    return OrderArgument(
        match["kind"].decode().upper(), parse_key("trade", match["symbol"]), quantity
    )


def shown(argument: bytes) -> str:
    """An argument in a message: what is not UTF-8 is replaced."""
    return repr(argument.decode(errors="replace"))
