"""The operations of `stock_client`: each understands its arguments, calls, and prints what came."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import IO, Any

from google.protobuf.message import Message
from grpc_health.v1 import health_pb2

from proto import kv_pb2, stock_pb2
from python.arguments import parse_item, parse_key, parse_order
from python.calls import Channel
from python.lines import event_line, fill_line, inventory_lines, summary_line
from python.options import ClientOptions

OK, NOT_SERVING = 0, 1

# An operation with its arguments understood: all that is left is to call and to print. Gives the exit
# code, raises grpc.RpcError.
Run = Callable[[Channel, IO[bytes]], int]


def prepare(options: ClientOptions, stdin: IO[bytes]) -> Run:
    """Understands the arguments, reading those that standard input holds. Raises UsageError."""
    return _OPERATIONS[options.operation](options, stdin)


def _get(options: ClientOptions, _: IO[bytes]) -> Run:
    request = stock_pb2.GetRequest(key=_key(options))
    return _unary(options, lambda channel: channel.stock.Get, request, _value_of)


def _kv_get(options: ClientOptions, _: IO[bytes]) -> Run:
    request = kv_pb2.GetRequest(key=_key(options))
    return _unary(options, lambda channel: channel.kv.Get, request, _value_of)


def _put(options: ClientOptions, stdin: IO[bytes]) -> Run:
    request = stock_pb2.PutRequest(key=_key(options), value=_value(options, stdin))
    return _unary(options, lambda channel: channel.stock.Put, request, _ok)


def _kv_put(options: ClientOptions, stdin: IO[bytes]) -> Run:
    request = kv_pb2.PutRequest(key=_key(options), value=_value(options, stdin))
    return _unary(options, lambda channel: channel.kv.Put, request, _ok)


def _delete(options: ClientOptions, _: IO[bytes]) -> Run:
    request = stock_pb2.DeleteRequest(key=_key(options))
    return _unary(options, lambda channel: channel.stock.Delete, request, _ok)


def _inventory(options: ClientOptions, _: IO[bytes]) -> Run:
    request = stock_pb2.InventoryRequest()
    return _unary(options, lambda channel: channel.stock.Inventory, request, _totals)


def _monitor(options: ClientOptions, _: IO[bytes]) -> Run:
    prefix = parse_key("monitor", _first(options).removesuffix(b"*"))

    def run(channel: Channel, out: IO[bytes]) -> int:
        events = channel.monitor(prefix, options.timeout_seconds)
        for event in itertools.islice(events, options.count or None):
            _print(out, event_line(event))
        events.close()
        return OK

    return run


def _batch(options: ClientOptions, stdin: IO[bytes]) -> Run:
    lines = options.arguments or tuple(line.removesuffix(b"\n") for line in stdin if line.strip())
    parsed = [parse_item(line) for line in lines]
    items = [stock_pb2.BatchItem(key=key, value=value) for key, value in parsed]

    def run(channel: Channel, out: IO[bytes]) -> int:
        _print(out, summary_line(channel.batch(items, options.timeout_seconds)))
        return OK

    return run


def _trade(options: ClientOptions, _: IO[bytes]) -> Run:
    parsed = [parse_order(argument) for argument in options.arguments]
    orders = [
        stock_pb2.TradeOrder(
            type=stock_pb2.TradeOrder.OrderType.Value(kind), symbol=symbol, quantity=quantity
        )
        for kind, symbol, quantity in parsed
    ]

    def run(channel: Channel, out: IO[bytes]) -> int:
        for fill in channel.trade(orders, options.timeout_seconds):
            _print(out, fill_line(fill))
        return OK

    return run


def _health(options: ClientOptions, _: IO[bytes]) -> Run:
    request = health_pb2.HealthCheckRequest(service=parse_key("health", _first(options)))

    def run(channel: Channel, out: IO[bytes]) -> int:
        response = channel.health.Check(request, timeout=options.timeout_seconds)
        status = health_pb2.HealthCheckResponse.ServingStatus.Name(response.status)
        _print(out, status)
        return OK if status == "SERVING" else NOT_SERVING

    return run


_OPERATIONS: Mapping[str, Callable[[ClientOptions, IO[bytes]], Run]] = {
    "get": _get,
    "put": _put,
    "delete": _delete,
    "monitor": _monitor,
    "batch": _batch,
    "trade": _trade,
    "inventory": _inventory,
    "kv-get": _kv_get,
    "kv-put": _kv_put,
    "health": _health,
}


def _first(options: ClientOptions) -> bytes:
    return options.arguments[0] if options.arguments else b""


def _key(options: ClientOptions) -> str:
    return parse_key(options.operation, _first(options))


def _value(options: ClientOptions, stdin: IO[bytes]) -> bytes:
    value = options.arguments[1]
    return stdin.read() if value == b"-" else value


def _unary(
    options: ClientOptions,
    method: Callable[[Channel], Callable[..., Any]],
    request: Message,
    show: Callable[[Any], bytes],
) -> Run:
    def run(channel: Channel, out: IO[bytes]) -> int:
        response = method(channel)(request, timeout=options.timeout_seconds)
        out.write(show(response))
        return OK

    return run


def _value_of(response: stock_pb2.GetResponse | kv_pb2.GetResponse) -> bytes:
    return response.value + b"\n"


def _ok(_: stock_pb2.Empty | kv_pb2.Empty) -> bytes:
    return b"OK\n"


def _totals(status: stock_pb2.InventoryStatus) -> bytes:
    return "".join(f"{line}\n" for line in inventory_lines(status)).encode()


def _print(out: IO[bytes], line: str) -> None:
    """Writes a line at once: what monitor prints is read by others while it runs."""
    out.write(f"{line}\n".encode())
    out.flush()
