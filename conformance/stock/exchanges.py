"""Calls of each shape whose messages are large and compress well, and what of them must be read."""

from typing import Final, Unpack

from conformance.runner import expect
from conformance.runner.cell import CallOptions, Cell
from conformance.runner.rpc import Shape
from conformance.runner.status_code import Code
from conformance.stock.messages import buy, expect_filled, expect_put, item
from conformance.stock.steps import expect_value, subscribed
from conformance.stock.wire import Sent

# A key, prefix or symbol of nearly the longest, and a value of 10 KiB.
NAME: Final = "acme-" * 200
VALUE: Final = b"compressible " * 800

# A message of these takes less than so many bytes where it is compressed, whatever the level.
_SMALL: Final = 250


async def exchange(cell: Cell, shape: Shape, **options: Unpack[CallOptions]) -> None:
    """A call of a shape; expects its requests to be read as they were sent."""
    if shape is Shape.UNARY:
        await cell.put(NAME, VALUE, **options).ok()
        await expect_value(cell, NAME, VALUE)
    elif shape is Shape.SERVER_STREAM:
        await _watched(cell, options)
    elif shape is Shape.CLIENT_STREAM:
        items = [item(NAME, VALUE)] * 3
        [summary] = await cell.batch(*items, **options).ok()
        stored = (summary.successful, summary.bytes_written)
        expect.equal(stored, (3, 3 * len(VALUE)), "summary (successful, bytes written)")
        await expect_value(cell, NAME, VALUE)
    else:
        orders = [buy(NAME, quantity) for quantity in (1, 2, 3)]
        fills = await cell.trade(*orders, **options).ok()
        for order, fill in zip(orders, fills, strict=True):
            expect_filled(fill, NAME, order.quantity, "bought")


async def answered(cell: Cell, shape: Shape, **options: Unpack[CallOptions]) -> None:
    """The same, but of the unary shape the one whose response is large."""
    if shape is not Shape.UNARY:
        return await exchange(cell, shape, **options)
    await cell.put(NAME, VALUE).ok()
    [response] = await cell.get(NAME, **options).ok()
    return expect.equal(response.value, VALUE, "value")


async def _watched(cell: Cell, options: CallOptions) -> None:
    monitor = await subscribed(cell, NAME, **options)
    await cell.put(NAME, VALUE).ok()
    expect_put(await monitor.response(), NAME, VALUE)
    monitor.cancel()
    expect.status(await monitor.status(), Code.CANCELLED)


def expect_compressed(sent: Sent, what: str) -> None:
    """Expects each message to have been sent with gzip, and to have become small by it."""
    expect.equal(sent.encoding, "gzip", f"grpc-encoding of {what}")
    flags = [message.compressed for message in sent.messages]
    expect.true(bool(flags) and all(flags), f"compressed {what}, got the flags {flags}")
    sizes = [len(message.data) for message in sent.messages]
    expect.between(max(sizes), 1, _SMALL, f"bytes of the largest of {what}")


def expect_uncompressed(sent: Sent, what: str) -> None:
    """Expects each message to have been sent as it is."""
    expect.equal(sent.encoding, "identity", f"grpc-encoding of {what}")
    flags = [message.compressed for message in sent.messages]
    expect.true(bool(flags) and not any(flags), f"no compressed {what}, got the flags {flags}")
