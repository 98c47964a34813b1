"""Suite clients: clients of two languages at work on one store, on the server of a third."""

import asyncio

from conformance.runner import expect
from conformance.runner.call import Call
from conformance.runner.case import case
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc
from conformance.stock.history import Method
from conformance.stock.keys import UNICODE_KEYS
from conformance.stock.messages import expect_delete, expect_put, item
from conformance.stock.recording import expect_linearizable, steps
from conformance.stock.steps import expect_not_found, expect_value, subscribed
from proto import stock_pb2

_ALL_BYTES = bytes(range(256))


@case(
    covers=(Rpc.BATCH, Rpc.MONITOR, Rpc.KV_GET, Rpc.KV_PUT),
    clause="service.md: Values",
    second_client=True,
)
async def clients_relay_by_every_way(cell: Cell) -> None:
    """Key and value come bit by bit as they were, by whatever method each language sends and reads."""
    for shift, sender, reader in ((0, cell, cell.second), (128, cell.second, cell)):
        monitor = await subscribed(reader)
        for number, key in enumerate(UNICODE_KEYS, shift):
            value = _ALL_BYTES[number:] + _ALL_BYTES[:number]
            if number % 2:
                await sender.kv_put(key, value).ok()
            else:
                await sender.batch(item(key, value)).ok()
            expect_put(await monitor.response(), key, value)
            [response] = await reader.kv_get(key).ok()
            expect.equal(response.value, value, f"value of {expect.show(key)}")


@case(
    covers=(Rpc.PUT, Rpc.GET, Rpc.DELETE),
    clause="service.md: Commits",
    second_client=True,
)
async def clients_see_changes_at_once(cell: Cell) -> None:
    """A change that one client was answered is what the other reads, again and again, both ways."""
    ends = [(cell, cell.second), (cell.second, cell)]
    for number, (writer, reader) in enumerate(ends * 5):
        value = str(number).encode()
        await writer.put("key", value).ok()
        await expect_value(reader, "key", value)
        await expect_value(writer, "key", value)
    await cell.delete("key").ok()
    expect_not_found(await cell.second.get("key").status(), "key")


@case(
    covers=(Rpc.MONITOR, Rpc.PUT, Rpc.DELETE),
    clause="service.md: Monitor",
    second_client=True,
    core=True,
)
async def clients_monitor_each_other(cell: Cell) -> None:
    """Each client's Monitor shows a commit of the other, without anything else having to happen."""
    for writer, reader in ((cell, cell.second), (cell.second, cell)):
        monitor = await subscribed(reader)
        for value in (b"1", b"2"):
            await writer.put("key", value).ok()
            expect_put(await monitor.response(), "key", value)
        await writer.delete("key").ok()
        expect_delete(await monitor.response(), "key")


@case(
    covers=(Rpc.MONITOR, Rpc.BATCH),
    clause="service.md: Monitor",
    second_client=True,
)
async def clients_monitor_one_order(cell: Cell) -> None:
    """Both clients are shown the commits of a race in one order, with one timestamp each."""
    monitors = [await subscribed(client) for client in (cell, cell.second)]
    keys = [[f"{client} {number}" for number in range(50)] for client in ("first", "second")]
    batches = [client.batch() for client in (cell, cell.second)]
    # In turns, so that both are at it all the time.
    for begin in range(0, 50, 5):
        for batch, mine in zip(batches, keys, strict=True):
            batch.send(*(item(key, key.encode()) for key in mine[begin : begin + 5]))
    await asyncio.gather(*(batch.ok() for batch in batches))
    shown, other = [await _events(monitor, 100) for monitor in monitors]
    expect.equal(other, shown, "events (timestamp, key, value) of the second client's Monitor")
    expect.increasing([timestamp for timestamp, _, _ in shown], "timestamps")
    for mine in keys:
        found = [(key, value) for _, key, value in shown if key in mine]
        expect.equal(found, [(key, key.encode()) for key in mine], "one client's items, in order")


async def _events(monitor: Call[stock_pb2.WatchEvent], count: int) -> list[tuple[int, str, bytes]]:
    events = await monitor.responses(count)
    return [(event.timestamp, event.key, event.value) for event in events]


@case(
    covers=(Rpc.PUT, Rpc.GET, Rpc.DELETE),
    clause="service.md: Commits",
    second_client=True,
    streams=4,
    costly=True,
)
async def clients_linearizable_keys(cell: Cell) -> None:
    """Whatever two clients do to three keys at once, one order of their calls explains every answer.

    A call takes effect at one instant between its start and its end, and whoever calls later sees it;
    one that was cancelled may do so later still, or never.
    """
    often = {Method.PUT: 9, Method.GET: 9, Method.DELETE: 4}
    await expect_linearizable(cell, steps(cell.chance, often, ("a", "b", "c"), 30))


@case(
    covers=(Rpc.PUT, Rpc.DELETE, Rpc.INVENTORY),
    clause="service.md: Inventory",
    second_client=True,
    streams=4,
    costly=True,
)
async def clients_linearizable_totals(cell: Cell) -> None:
    """Inventory counts keys and bytes at one instant, also while two clients change them."""
    often = {Method.PUT: 5, Method.DELETE: 3, Method.INVENTORY: 6}
    await expect_linearizable(cell, steps(cell.chance, often, ("a", "b"), 12))
