"""Reads what an operation of a client has printed back into what the call must have got."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from conformance.runner.expect import show
from conformance.runner.rpc import FIELDS, Rpc, Shape
from conformance.runner.status_code import Code
from proto import session_pb2, stock_pb2

# An operation whose call failed exits with this, and the status' code.
RPC_FAILED: Final = 64
_USAGE: Final = 2

_SUMMARY: Final = re.compile(rb"total=(\d+) successful=(\d+) failed=(\d+) bytes=(\d+)\n")
_ESCAPE: Final = re.compile(rb"\\(?:([\\nrt])|x([0-9A-Fa-f]{2}))")
_ESCAPED: Final = {b"\\": b"\\", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_TOTALS: Final = ("items", "bytes", "uptime_seconds", "server_version")


class AnswerError(Exception):
    """What was printed, or how the program ended, is nothing that the contract knows."""


def responses(rpc: Rpc, out: bytes) -> list[session_pb2.Response]:
    """The responses that standard output tells of a call that ended with OK. Raises AnswerError."""
    try:
        return [_wrap(rpc, message) for message in _READERS[rpc](out)]
    except (ValueError, KeyError, IndexError) as error:
        raise AnswerError(f"printed {show(out)} for {rpc.name}: {error}") from error


def event(line: bytes) -> session_pb2.Response:
    """The event that a line of `monitor` tells, its end included. Raises AnswerError."""
    return responses(Rpc.MONITOR, line)[0]


def status(rpc: Rpc, code: int, out: bytes, err: bytes) -> session_pb2.Status:
    """How a call ended whose operation exited with `code`. Raises AnswerError."""
    if code == 0:
        return session_pb2.Status()
    lines = err.decode("utf-8", "replace").strip("\n").split("\n")
    last = lines[-1]
    known = {RPC_FAILED + known.value: known for known in Code if known is not Code.OK}
    if code not in known:
        # Of wrong usage the reason comes first, and the usage after it.
        told = lines[0] if code == _USAGE else last
        raise AnswerError(f"exited with {code}{f' and said {show(told)}' if told else ''}")
    if out and rpc.shape in (Shape.UNARY, Shape.CLIENT_STREAM):
        raise AnswerError(f"printed {show(out)} for a call that failed")
    name, _, message = last.partition(":")
    if name != known[code].name:
        raise AnswerError(f"exited with {code}, which is {known[code].name}, and said {show(last)}")
    # As the one line it is, a message has its own ends of lines escaped.
    message = message.removeprefix(" ").replace("\\n", "\n").replace("\\r", "\r")
    return session_pb2.Status(code=known[code].value, message=message)


def _wrap(rpc: Rpc, message: object) -> session_pb2.Response:
    response = session_pb2.Response()
    getattr(response, FIELDS[rpc]).CopyFrom(message)
    return response


def _value(out: bytes) -> Iterable[stock_pb2.GetResponse]:
    if not out.endswith(b"\n"):
        raise ValueError("expected the value and a line feed")
    return [stock_pb2.GetResponse(value=out[:-1])]


def _kv_value(out: bytes) -> Iterable[object]:
    from proto import kv_pb2

    return [kv_pb2.GetResponse(value=read.value) for read in _value(out)]


def _ok(out: bytes) -> None:
    if out != b"OK\n":
        raise ValueError("expected `OK`")


def _done(out: bytes) -> Iterable[stock_pb2.Empty]:
    _ok(out)
    return [stock_pb2.Empty()]


def _kv_done(out: bytes) -> Iterable[object]:
    from proto import kv_pb2

    _ok(out)
    return [kv_pb2.Empty()]


def _batch(out: bytes) -> Iterable[stock_pb2.BatchSummary]:
    match = _SUMMARY.fullmatch(out)
    if match is None:
        raise ValueError("expected `total=N successful=N failed=N bytes=N`")
    total, successful, failed, size = map(int, match.groups())
    return [
        stock_pb2.BatchSummary(
            total_items=total, successful=successful, failed=failed, bytes_written=size
        )
    ]


def _fills(out: bytes) -> Iterable[stock_pb2.TradeFill]:
    for line in _lines(out):
        result, symbol, quantity, message = line.split(b"\t")
        yield stock_pb2.TradeFill(
            success={b"ok": True, b"rejected": False}[result],
            symbol=_unescaped(symbol).decode(),
            quantity_filled=int(quantity),
            message=message.decode(),
        )


def _totals(out: bytes) -> Iterable[stock_pb2.InventoryStatus]:
    told = dict(line.decode().split("=", 1) for line in _lines(out))
    items, size, uptime, version = (told.pop(name) for name in _TOTALS)
    metadata = {name.removeprefix("metadata."): value for name, value in told.items()}
    return [
        stock_pb2.InventoryStatus(
            total_items=int(items),
            total_bytes=int(size),
            uptime_seconds=int(uptime),
            server_version=version,
            metadata=metadata,
        )
    ]


def _events(out: bytes) -> Iterable[stock_pb2.WatchEvent]:
    for line in _lines(out):
        timestamp, kind, key, *value = line.split(b"\t")
        if len(value) != (kind == b"PUT"):
            raise ValueError("expected `TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`")
        yield stock_pb2.WatchEvent(
            type=stock_pb2.WatchEvent.EventType.Value(kind.decode()),
            key=_unescaped(key).decode(),
            value=_unescaped(value[0]) if value else b"",
            timestamp=int(timestamp),
        )


def _lines(out: bytes) -> list[bytes]:
    if out and not out.endswith(b"\n"):
        raise ValueError("expected the last line to end")
    return out.split(b"\n")[:-1]


def _unescaped(text: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        name, code = match.groups()
        return _ESCAPED[name] if name else bytes([int(code, 16)])

    return _ESCAPE.sub(plain, text)


_READERS: Final[dict[Rpc, Callable[[bytes], Iterable[object]]]] = {
    Rpc.GET: _value,
    Rpc.PUT: _done,
    Rpc.DELETE: _done,
    Rpc.INVENTORY: _totals,
    Rpc.MONITOR: _events,
    Rpc.BATCH: _batch,
    Rpc.TRADE: _fills,
    Rpc.KV_GET: _kv_value,
    Rpc.KV_PUT: _kv_done,
}
