"""Calls in JSON: what every referee asks, in this order, and what it must be answered."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from conformance.runner.status_code import Code

Message = dict[str, Any]

STOCK: Final = "tofusoup.stock.Stock"
KV: Final = "proto.KV"

# As grpcurl and buf sort them.
SERVICES: Final = (
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    KV,
    STOCK,
)
METHODS: Final = {
    STOCK: ("Batch", "Delete", "Get", "Inventory", "Monitor", "Put", "Trade"),
    KV: ("Get", "Put"),
}

_INVALID: Final = "invalid key: 1 to 1024 bytes of UTF-8 without NUL"
_ODD: Final = "../a b/\u00e9\U0001f34e*"

# Base64 of values: "v", all kinds of bytes, "1", "22".
_V, _BYTES, _ONE, _TWO = "dg==", "AAD/gAoN", "MQ==", "MjI="


class Call(NamedTuple):
    """A call and its outcome; the timestamps of fills are left out."""

    method: str
    requests: Sequence[Message] = ()
    responses: Sequence[Message] = ()
    code: Code = Code.OK
    message: str = ""

    @property
    def data(self) -> str:
        """The requests as text."""
        return "\n".join(json.dumps(request) for request in self.requests)


def _get(key: str, value: str, service: str = STOCK) -> Call:
    return Call(f"{service}/Get", [{"key": key}], [{"value": value}])


def _put(key: str, value: str, service: str = STOCK) -> Call:
    return Call(f"{service}/Put", [{"key": key, "value": value}], [{}])


def _missing(method: str, key: str) -> Call:
    return Call(method, [{"key": key}], [], Code.NOT_FOUND, f"key not found: {key}")


# The store has no key `k` and no position of `acme` before them, nor after them.
CALLS: Final = (
    _missing(f"{STOCK}/Get", "k"),
    _missing(f"{KV}/Get", "k"),
    _put("k", _V),
    _get("k", _V),
    _get("k", _V, KV),
    _put("k", _BYTES, KV),
    _get("k", _BYTES),
    Call(f"{STOCK}/Delete", [{"key": "k"}], [{}]),
    _missing(f"{STOCK}/Delete", "k"),
    _put(_ODD, _V),
    _get(_ODD, _V),
    Call(f"{STOCK}/Put", [{"key": "", "value": _V}], [], Code.INVALID_ARGUMENT, _INVALID),
    Call(f"{STOCK}/Monitor", [{"keyPrefix": "\0"}], [], Code.INVALID_ARGUMENT, _INVALID),
    Call(
        f"{STOCK}/Batch",
        [{"key": "a", "value": _ONE}, {"key": "", "value": _V}, {"key": "a", "value": _TWO}],
        [{"totalItems": 3, "successful": 2, "failed": 1, "bytesWritten": "3"}],
    ),
    _get("a", _TWO),
    Call(f"{STOCK}/Batch", [], [{}]),
    Call(
        f"{STOCK}/Trade",
        [
            {"type": "BUY", "symbol": "acme", "quantity": 5},
            {"type": "SELL", "symbol": "acme", "quantity": 2},
            {"type": "QUERY", "symbol": "acme"},
            {"type": "SELL", "symbol": "acme", "quantity": 4},
            {"type": "BUY", "symbol": "acme", "quantity": -1},
            {"type": "BUY", "quantity": 1},
            {"type": 7, "symbol": "acme"},
            {"type": "SELL", "symbol": "acme", "quantity": 3},
        ],
        [
            {"success": True, "symbol": "acme", "quantityFilled": 5, "message": "bought"},
            {"success": True, "symbol": "acme", "quantityFilled": 2, "message": "sold"},
            {"success": True, "symbol": "acme", "quantityFilled": 3, "message": "position"},
            {"symbol": "acme", "message": "insufficient position: have 3, want 4"},
            {"symbol": "acme", "message": "quantity must be positive"},
            {"message": "invalid symbol"},
            {"symbol": "acme", "message": "unknown order type: 7"},
            {"success": True, "symbol": "acme", "quantityFilled": 3, "message": "sold"},
        ],
    ),
    Call(f"{STOCK}/Trade"),
)


def one_of_each(calls: Iterable[Call]) -> list[Call]:
    """The first call of each method that is OK, and the first of each other code."""
    firsts: dict[str, Call] = {}
    for call in calls:
        firsts.setdefault(call.code.name if call.code else call.method, call)
    return [*firsts.values()]


def messages(text: str | bytes) -> list[Message]:
    """The JSON objects that stand one after the other in a text."""
    rest = (text.decode() if isinstance(text, bytes) else text).strip()
    found: list[Message] = []
    while rest:
        message, end = json.JSONDecoder().raw_decode(rest)
        found.append(message)
        rest = rest[end:].lstrip()
    return found


def untimed(of: Iterable[Message]) -> Iterator[Message]:
    """The messages without their timestamps, which must grow from each to the next that has one."""
    last = 0
    for message in of:
        timestamp = int(message.get("timestamp", 0))
        assert "timestamp" not in message or timestamp > last, message
        last = timestamp or last
        yield {name: value for name, value in message.items() if name != "timestamp"}


def inventory_is(status: Message, language: str, security: str) -> None:
    """Holds what an inventory tells about the server itself."""
    assert status["serverVersion"]
    metadata = status["metadata"]
    assert metadata["language"] == language
    assert metadata["security"] == security
    assert all(metadata[name] for name in ("runtime", "library", "transport", "tls_stack"))


def growth(before: Message, after: Message) -> tuple[int, int]:
    """Items and bytes that an inventory has more than an earlier one; JSON leaves zeros out."""
    items, size = (
        int(after.get(name, 0)) - int(before.get(name, 0)) for name in ("totalItems", "totalBytes")
    )
    return items, size


# What is done while a Monitor of the prefix `seen` watches, and what it delivers of it.
WATCHED: Final = (
    Call(
        f"{STOCK}/Batch",
        [
            {"key": "seen/1", "value": _V},
            {"key": "hidden", "value": _V},
            {"key": "seen/2", "value": _BYTES},
        ],
        [{"totalItems": 3, "successful": 3, "bytesWritten": "8"}],
    ),
    Call(f"{STOCK}/Delete", [{"key": "seen/1"}], [{}]),
)
EVENTS: Final = (
    {"key": "seen/1", "value": _V},
    {"key": "seen/2", "value": _BYTES},
    {"type": "DELETE", "key": "seen/1"},
)
