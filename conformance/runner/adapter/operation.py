"""Says a call as an operation of a client's command line (docs/reference/programs.md), where that can be said."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from conformance.runner.inexpressible import Inexpressible
from conformance.runner.rpc import FIELDS, Rpc
from proto import session_pb2, stock_pb2

# Values beyond this go by standard input, and so do batches: an argument has at most 128 KiB.
_LONGEST_ARGUMENT: Final = 4096
_MOST_ARGUMENTS: Final = 64

_SIDES: Final = {stock_pb2.TradeOrder.BUY: "buy", stock_pb2.TradeOrder.SELL: "sell"}


class Operation(NamedTuple):
    """What follows the program's name, flags excepted, and its standard input."""

    name: str
    arguments: tuple[bytes, ...] = ()
    stdin: bytes = b""

    def words(self, flags: Sequence[str]) -> list[str | bytes]:
        """The operation with flags; arguments that look like flags stand behind `--`."""
        guard = ["--"] if any(word.startswith(b"--") for word in self.arguments) else []
        return [self.name, *flags, *guard, *self.arguments]


def operation(rpc: Rpc, requests: Sequence[session_pb2.Request]) -> Operation:
    """The operation that makes a call with these requests. Raises Inexpressible."""
    if rpc not in _OPERATIONS:
        raise Inexpressible("the command line has no operation that calls an absent service")
    messages = [getattr(request, FIELDS[rpc]) for request in requests]
    return _OPERATIONS[rpc](messages)


def _of_key(name: str) -> Callable[[list[Any]], Operation]:
    return lambda messages: Operation(name, (_argument(messages[0].key, "a key"),))


def _put(name: str) -> Callable[[list[Any]], Operation]:
    def put(messages: list[Any]) -> Operation:
        key, value = _argument(messages[0].key, "a key"), messages[0].value
        if _is_plain(value) and value != b"-":
            return Operation(name, (key, value))
        return Operation(name, (key, b"-"), value)

    return put


def _monitor(messages: list[Any]) -> Operation:
    prefix = messages[0].key_prefix
    if prefix.endswith("*"):
        raise Inexpressible("a prefix that ends with a star: the command line drops it")
    return Operation("monitor", (_argument(prefix, "a prefix"),) if prefix else ())


def _batch(messages: list[Any]) -> Operation:
    items = [(item.key.encode(), item.value) for item in messages]
    if any(b"=" in key for key, _ in items):
        raise Inexpressible("a key with `=` in a batch: the first one ends the key")
    written = [key + b"=" + value for key, value in items]
    if len(written) <= _MOST_ARGUMENTS and all(map(_is_plain, written)):
        return Operation("batch", tuple(written))
    if any(b"\n" in line for line in written):
        raise Inexpressible(
            "an item that fits neither an argument nor a line: NUL or length, and line feed"
        )
    return Operation("batch", (), b"".join(line + b"\n" for line in written))


def _trade(messages: list[Any]) -> Operation:
    if not messages:
        raise Inexpressible("a trade without orders")
    return Operation("trade", tuple(map(_order, messages)))


def _order(order: stock_pb2.TradeOrder) -> bytes:
    symbol = _argument(order.symbol, "a symbol")
    if order.type in _SIDES:
        return b"%s:%s:%d" % (_SIDES[order.type].encode(), symbol, order.quantity)
    if order.type != stock_pb2.TradeOrder.QUERY:
        raise Inexpressible("an order of a type that has no name")
    if order.quantity or b":" in symbol:
        raise Inexpressible("a query with a quantity, or of a symbol with a colon")
    return b"query:" + symbol


def _argument(text: str, what: str) -> bytes:
    if "\0" in text:
        raise Inexpressible(f"{what} with NUL: no argument can hold it")
    return text.encode()


def _is_plain(value: bytes) -> bool:
    """Whether bytes may be an argument: short text without NUL."""
    if len(value) > _LONGEST_ARGUMENT or 0 in value:
        return False
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


_OPERATIONS: Final[dict[Rpc, Callable[[list[Any]], Operation]]] = {
    Rpc.GET: _of_key("get"),
    Rpc.PUT: _put("put"),
    Rpc.DELETE: _of_key("delete"),
    Rpc.INVENTORY: lambda _: Operation("inventory"),
    Rpc.MONITOR: _monitor,
    Rpc.BATCH: _batch,
    Rpc.TRADE: _trade,
    Rpc.KV_GET: _of_key("kv-get"),
    Rpc.KV_PUT: _put("kv-put"),
}
