"""Suite batch: items stored through one client stream, one commit each."""

from conformance.runner import expect
from conformance.runner.call import Call
from conformance.runner.case import case
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc
from conformance.runner.status_code import Code
from conformance.stock.keys import INVALID_KEYS
from conformance.stock.messages import expect_put, item
from conformance.stock.steps import expect_totals, expect_value, subscribed
from proto import session_pb2, stock_pb2


async def expect_summary(call: Call[stock_pb2.BatchSummary], *expected: int) -> None:
    """Expects a batch to end well, with one summary: total, successful, failed, bytes."""
    [summary] = await call.ok()
    actual = (summary.total_items, summary.successful, summary.failed, summary.bytes_written)
    expect.equal(actual, expected, "summary (total, successful, failed, bytes)")


@case(covers=(Rpc.BATCH,), clause="service.md: Batch", core=True)
async def batch_summary(cell: Cell) -> None:
    """Every item is stored; the summary counts the items and sums the sizes of their values."""
    items = (item("a", b"1"), item("bb", b""), item("ccc", b"333"))
    await expect_summary(cell.batch(*items), 3, 3, 0, 4)
    for stored in items:
        await expect_value(cell, stored.key, stored.value)


@case(covers=(Rpc.BATCH,), clause="service.md: Batch", core=True)
async def batch_empty(cell: Cell) -> None:
    """A batch without items ends with OK and a summary of zeros."""
    await expect_summary(cell.batch(half_close=True), 0, 0, 0, 0)


@case(covers=(Rpc.BATCH,), clause="service.md: Batch", core=True)
async def batch_invalid_item_counted(cell: Cell) -> None:
    """An item with an invalid key counts as failed, is not stored, and does not stop the rest."""
    invalid = [item(key, b"lost") for key in INVALID_KEYS]
    items = [item("first", b"1"), *invalid, item("last", b"22")]
    await expect_summary(cell.batch(*items), len(items), 2, len(invalid), 3)
    await expect_totals(cell, 2, 3)


@case(covers=(Rpc.BATCH, Rpc.INVENTORY), clause="service.md: Batch", bulk=True)
async def batch_thousand_items(cell: Cell) -> None:
    """A thousand items in one stream are all stored and counted."""
    items = [item(f"key {number}", b"0123456789") for number in range(1000)]
    await expect_summary(cell.batch(*items), 1000, 1000, 0, 10_000)
    await expect_totals(cell, 1000, 10_000)


@case(covers=(Rpc.BATCH, Rpc.MONITOR), clause="service.md: Batch")
async def batch_events_in_order(cell: Cell) -> None:
    """Each item is a commit of its own, in the order of arrival: one event each, the last stays.

    An item with an invalid key is no commit.
    """
    monitor = await subscribed(cell)
    items = [item("key", b"1"), item("other", b"2"), item("", b"3"), item("key", b"4")]
    await expect_summary(cell.batch(*items), 4, 3, 1, 3)
    for stored, event in zip(
        (items[0], items[1], items[3]), await monitor.responses(3), strict=True
    ):
        expect_put(event, stored.key, stored.value)
    await expect_value(cell, "key", b"4")


@case(covers=(Rpc.BATCH, Rpc.MONITOR, Rpc.GET), clause="service.md: Batch", core=True)
async def batch_applies_on_arrival(cell: Cell) -> None:
    """An item is applied when it arrives, not when the requests end."""
    monitor = await subscribed(cell)
    batch = cell.batch(item("first", b"1"))
    expect_put(await monitor.response(), "first", b"1")
    await expect_value(cell, "first", b"1")
    batch.send(item("second", b"2"))
    expect_put(await monitor.response(), "second", b"2")
    expect.true(not batch.received, "no summary before the requests end")
    await expect_summary(batch, 2, 2, 0, 2)


@case(covers=(Rpc.BATCH,), clause="service.md: Conformance mode", core=True)
async def batch_early_failure(cell: Cell) -> None:
    """A batch that the server ends after three items ends for the client with that status at once.

    It does not wait for the requests to end. What was read stays applied, nothing later is; what
    the client had not handed to its library when the call ended it reports as unsent.
    """
    fail = session_pb2.Fail(code=Code.FAILED_PRECONDITION, message="three are enough", after=3)
    batch = cell.batch(
        *(item(f"key {number}", b"v") for number in range(3)),
        directive=session_pb2.Directive(fail=fail),
    )
    batch.send(*(item(f"key {number}", b"v") for number in range(3, 20)))
    status = await batch.status()
    expect.status(status, Code.FAILED_PRECONDITION, "three are enough")
    expect.equal(batch.received, [], "responses")
    expect.between(status.unsent, 0, 17, "requests unsent of the 17 that the server did not read")
    # Ignored: the client could not have known that the call had ended.
    batch.send(item("late", b"v"))
    batch.half_close()
    await expect_totals(cell, 3, 3)


@case(covers=(Rpc.BATCH, Rpc.MONITOR), clause="service.md: Batch", core=True)
async def batch_cancel_keeps_applied(cell: Cell) -> None:
    """Cancelling a batch ends it with CANCELLED; what was applied stays."""
    monitor = await subscribed(cell)
    items = [item(f"key {number}", b"v") for number in range(3)]
    batch = cell.batch(*items, directive=session_pb2.Directive(tag="batch"))
    await monitor.responses(3)
    batch.cancel()
    expect.status(await batch.status(), Code.CANCELLED)
    observation = await cell.observation("batch")
    seen = (observation.cancelled, observation.messages_read, observation.messages_sent)
    expect.equal(seen, (True, 3, 0), "observation (cancelled, messages read, messages sent)")
    await expect_totals(cell, 3, 3)
