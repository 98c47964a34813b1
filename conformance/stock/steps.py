"""Steps that cases of several suites take."""

from typing import Unpack

from conformance.runner import expect
from conformance.runner.call import Call
from conformance.runner.cell import CallOptions, Cell
from conformance.runner.status_code import Code
from conformance.stock.keys import key_not_found
from proto import session_pb2, stock_pb2


async def expect_value(cell: Cell, key: str, value: bytes) -> None:
    """Expects a key to have a value."""
    [response] = await cell.get(key).ok()
    expect.equal(response.value, value, f"value of {expect.show(key)}")


def expect_not_found(status: session_pb2.Status, key: str) -> None:
    """Expects NOT_FOUND for a key; its spaces at the ends may be lost from the message."""
    expect.status(status, Code.NOT_FOUND)
    expect.equal(status.message.strip(" "), key_not_found(key).strip(" "), "message")


def expect_out_of_time(status: session_pb2.Status) -> None:
    """Expects the status of a call whose deadline has passed.

    DEADLINE_EXCEEDED, or CANCELLED where the server's reset for the same deadline comes before the
    client's clock has struck: CANCEL stands for that (PROTOCOL-HTTP2.md: Errors).
    """
    expect.one_of(Code(status.code), (Code.DEADLINE_EXCEEDED, Code.CANCELLED), "status")


async def expect_totals(cell: Cell, items: int, size: int) -> None:
    """Expects what Inventory counts."""
    [totals] = await cell.inventory().ok()
    expect.equal((totals.total_items, totals.total_bytes), (items, size), "(items, bytes)")


async def subscribed(
    cell: Cell, prefix: str = "", **options: Unpack[CallOptions]
) -> Call[stock_pb2.WatchEvent]:
    """A Monitor call whose initial metadata has come: from here on it misses nothing."""
    monitor = cell.monitor(prefix, **options)
    await monitor.headers()
    return monitor
