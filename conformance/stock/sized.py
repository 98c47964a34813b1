"""Steps of the cases about the size of messages: a call of each shape at a limit and a byte over it."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple, TypeVar

from google.protobuf.message import Message

from conformance.runner import expect
from conformance.runner.call import Call
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc, Shape
from conformance.runner.status_code import Code
from conformance.stock.messages import buy, expect_filled, expect_put, item, query
from conformance.stock.steps import expect_totals, subscribed
from proto import session_pb2, stock_pb2

MessageT = TypeVar("MessageT", bound=Message)

# Bytes of a message that moves little, and is shorter than a key may be.
SMALL: Final = 1000


def filled(build: Callable[[int], MessageT], size: int) -> MessageT:
    """The message of so many bytes; `build` gives one whose longest field has a length."""
    message = build(2 * size - build(size).ByteSize())
    expect.equal(message.ByteSize(), size, "bytes of a message")
    return message


def put_request(key: str, size: int) -> stock_pb2.PutRequest:
    """A request of Put of so many bytes."""
    return filled(lambda length: stock_pb2.PutRequest(key=key, value=bytes(length)), size)


async def expect_exhausted(call: Call[Any]) -> None:
    """Expects a call to end as one that has met a message over a limit."""
    expect.status(await call.status(), Code.RESOURCE_EXHAUSTED)


# On a channel to a server whose limit is SMALL.


async def _send_put(cell: Cell, channel: int) -> None:
    at = put_request("at", SMALL)
    await cell.start(Rpc.PUT, at, channel=channel).ok()
    await expect_exhausted(cell.start(Rpc.PUT, put_request("over", SMALL + 1), channel=channel))
    await expect_totals(cell, 1, len(at.value))


async def _send_monitor(cell: Cell, channel: int) -> None:
    def request(size: int) -> stock_pb2.WatchRequest:
        return filled(lambda length: stock_pb2.WatchRequest(key_prefix="k" * length), size)

    at = request(SMALL)
    monitor = await subscribed(cell, at.key_prefix, channel=channel)
    await expect_exhausted(cell.start(Rpc.MONITOR, request(SMALL + 1), channel=channel))
    await cell.put(at.key_prefix, b"value").ok()
    expect_put(await monitor.response(), at.key_prefix, b"value")


async def _send_batch(cell: Cell, channel: int) -> None:
    def request(key: str, size: int) -> stock_pb2.BatchItem:
        return filled(lambda length: item(key, bytes(length)), size)

    applied = await subscribed(cell)
    at = request("at", SMALL)
    batch = cell.batch(item("first", b"1"), at, channel=channel)
    await applied.responses(2)
    batch.send(request("over", SMALL + 1))
    await expect_exhausted(batch)
    await expect_totals(cell, 2, 1 + len(at.value))


async def _send_trade(cell: Cell, channel: int) -> None:
    def request(size: int) -> stock_pb2.TradeOrder:
        return filled(lambda length: buy("s" * length, 1), size)

    at = request(SMALL)
    trade = cell.trade(at, channel=channel)
    expect_filled(await trade.response(), at.symbol, 1, "bought")
    trade.send(request(SMALL + 1))
    await expect_exhausted(trade)
    [fill] = await cell.trade(query(at.symbol)).ok()
    expect_filled(fill, at.symbol, 1, "position")


SENDING: Final[Mapping[Shape, Callable[[Cell, int], Awaitable[None]]]] = {
    Shape.UNARY: _send_put,
    Shape.SERVER_STREAM: _send_monitor,
    Shape.CLIENT_STREAM: _send_batch,
    Shape.BIDI_STREAM: _send_trade,
}


# On a channel with a limit of its own.


async def _receive_value(cell: Cell, channel: int) -> None:
    def value(size: int) -> bytes:
        return filled(lambda length: stock_pb2.GetResponse(value=bytes(length)), size).value

    await cell.put("at", value(SMALL)).ok()
    await cell.put("over", value(SMALL + 1)).ok()
    [response] = await cell.get("at", channel=channel).ok()
    expect.equal(response.value, value(SMALL), "value of the client's limit")
    await expect_exhausted(cell.get("over", channel=channel))


async def _receive_event(cell: Cell, channel: int) -> None:
    def event(length: int) -> stock_pb2.WatchEvent:
        now = time.time_ns()
        return stock_pb2.WatchEvent(key="key", value=bytes(length), timestamp=now)

    directive = session_pb2.Directive(tag="monitor")
    monitor = await subscribed(cell, channel=channel, directive=directive)
    at = filled(event, SMALL).value
    await cell.put("key", at).ok()
    expect_put(await monitor.response(), "key", at)
    await cell.put("key", at + b"\0").ok()
    await expect_exhausted(monitor)
    expect.equal(len(monitor.received), 1, "events received")
    observation = await cell.observation("monitor")
    expect.true(observation.cancelled, "the server to see that nobody reads on")


# The bytes written are the longest number of one byte.
_SUMMARY: Final = stock_pb2.BatchSummary(total_items=1, successful=1, bytes_written=127)


async def _receive_summary(cell: Cell, channel: int) -> None:
    at = item("at", bytes(_SUMMARY.bytes_written))
    [summary] = await cell.batch(at, channel=channel).ok()
    expect.equal(summary, _SUMMARY, "summary")
    over = item("over", at.value + b"\0")
    await expect_exhausted(cell.batch(over, channel=channel, half_close=True))
    await expect_totals(cell, 2, 2 * len(at.value) + 1)


async def _receive_fill(cell: Cell, channel: int) -> None:
    def fill(length: int) -> stock_pb2.TradeFill:
        return stock_pb2.TradeFill(
            success=True,
            symbol="s" * length,
            quantity_filled=1,
            message="bought",
            timestamp=time.time_ns(),
        )

    at = filled(fill, SMALL).symbol
    trade = cell.trade(buy(at, 1), channel=channel)
    expect_filled(await trade.response(), at, 1, "bought")
    trade.send(buy(at + "s", 1))
    await expect_exhausted(trade)
    expect.equal(len(trade.received), 1, "fills received")


class Receiving(NamedTuple):
    """A limit, and what is done with it."""

    limit: int
    on: Callable[[Cell, int], Awaitable[None]]


RECEIVING: Final[Mapping[Shape, Receiving]] = {
    Shape.UNARY: Receiving(SMALL, _receive_value),
    Shape.SERVER_STREAM: Receiving(SMALL, _receive_event),
    Shape.CLIENT_STREAM: Receiving(_SUMMARY.ByteSize(), _receive_summary),
    Shape.BIDI_STREAM: Receiving(SMALL, _receive_fill),
}
