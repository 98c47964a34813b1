"""Suite monitor: what subscribers to the changes of a store are told, and when they are not."""

import asyncio
from typing import Any

from conformance.runner import expect
from conformance.runner.call import Call
from conformance.runner.case import case
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc
from conformance.runner.status_code import Code
from conformance.stock.keys import INVALID_KEY, INVALID_KEYS, LONGEST_KEYS
from conformance.stock.messages import expect_delete, expect_put, item
from conformance.stock.steps import expect_out_of_time, subscribed
from proto import session_pb2, stock_pb2

QUEUE = 1024


@case(covers=(Rpc.MONITOR,), clause="service.md: Monitor", core=True)
async def monitor_headers_at_once(cell: Cell) -> None:
    """Monitor sends initial metadata at once, before there is any event."""
    await subscribed(cell)


@case(covers=(Rpc.MONITOR, Rpc.PUT), clause="service.md: Monitor", core=True)
async def monitor_subscribe_then_put(cell: Cell) -> None:
    """A change made after the initial metadata has come is delivered, while the stream is open."""
    monitor = await subscribed(cell)
    await cell.put("key", b"value").ok()
    event = await monitor.response()
    expect_put(event, "key", b"value")
    expect.true(event.timestamp > 0, f"a timestamp in Unix nanoseconds, got {event.timestamp}")


@case(covers=(Rpc.MONITOR, Rpc.BATCH), clause="service.md: Monitor", core=True, streams=6)
async def monitor_prefix_filter(cell: Cell) -> None:
    """Only keys that start with the prefix are delivered; it is compared as bytes, no pattern.

    A key equal to the prefix starts with it, and the empty prefix begins every key.
    """
    prefixes = ("", "a", "a/b", "*", "é")
    keys = ("a", "b", "A", "a/", "a/b", "a/b/c", "ba/b", "*", "é", "e\u0301", "éa")
    monitors = {prefix: cell.monitor(prefix) for prefix in prefixes}
    for monitor in monitors.values():
        await monitor.headers()
    # At the end one for every subscriber, before which all that it should not get would have come.
    put = (*keys, *(f"{prefix}last" for prefix in prefixes))
    await cell.batch(*(item(key, b"") for key in put)).ok()
    for prefix, monitor in monitors.items():
        wanted = [key for key in put if key.startswith(prefix)]
        events = await monitor.responses(len(wanted))
        got = [event.key for event in events]
        expect.equal(got, wanted, f"keys for the prefix {prefix!r}")


@case(covers=(Rpc.MONITOR,), clause="service.md: Keys", streams=8)
async def monitor_prefix_limits(cell: Cell) -> None:
    """A prefix is empty or obeys the key rule, else the stream ends with INVALID_ARGUMENT."""
    for prefix in LONGEST_KEYS:
        monitor = await subscribed(cell, prefix)
        await cell.put(prefix, b"").ok()
        expect_put(await monitor.response(), prefix, b"")
    invalid = [cell.monitor(prefix) for prefix in INVALID_KEYS if prefix]
    for monitor in invalid:
        expect.status(await monitor.status(), Code.INVALID_ARGUMENT, INVALID_KEY)


@case(covers=(Rpc.MONITOR, Rpc.PUT, Rpc.DELETE), clause="service.md: Put, Get, Delete", core=True)
async def monitor_delete_event(cell: Cell) -> None:
    """Delete publishes DELETE with an empty value; where there was no key it publishes nothing."""
    monitor = await subscribed(cell)
    await cell.put("key", b"value").ok()
    await cell.delete("key").ok()
    expect.status(await cell.delete("key").status(), Code.NOT_FOUND)
    await cell.put("next", b"").ok()
    put, delete, after = await monitor.responses(3)
    expect_put(put, "key", b"value")
    expect_delete(delete, "key")
    expect_put(after, "next", b"")


@case(covers=(Rpc.MONITOR, Rpc.PUT), clause="service.md: Monitor")
async def monitor_no_history(cell: Cell) -> None:
    """Nothing that was committed before the call was made is delivered."""
    await cell.put("before", b"").ok()
    await cell.put("changed", b"old").ok()
    monitor = await subscribed(cell)
    await cell.put("changed", b"new").ok()
    expect_put(await monitor.response(), "changed", b"new")


@case(covers=(Rpc.MONITOR, Rpc.PUT), clause="service.md: Commits")
async def monitor_equal_value_is_a_change(cell: Cell) -> None:
    """Putting the value that a key has already is a change like any other."""
    monitor = await subscribed(cell)
    for _ in range(2):
        await cell.put("key", b"same").ok()
    for event in await monitor.responses(2):
        expect_put(event, "key", b"same")


@case(covers=(Rpc.MONITOR, Rpc.KV_PUT), clause="service.md: Services")
async def monitor_sees_kv(cell: Cell) -> None:
    """A value that the older service stores is published as any other."""
    monitor = await subscribed(cell)
    await cell.kv_put("key", b"value").ok()
    expect_put(await monitor.response(), "key", b"value")


@case(covers=(Rpc.MONITOR, Rpc.BATCH), clause="service.md: Monitor", bulk=True)
async def monitor_order_1000(cell: Cell) -> None:
    """A thousand changes are delivered exactly once, in the order of commit."""
    monitor = await subscribed(cell)
    items = [item(f"key {number % 7}", str(number).encode()) for number in range(1000)]
    await cell.batch(*items).ok()
    events = await monitor.responses(len(items))
    expect.equal(
        [(event.key, event.value) for event in events],
        [(sent.key, sent.value) for sent in items],
        "(key, value) of the events",
    )


@case(covers=(Rpc.MONITOR, Rpc.BATCH, Rpc.DELETE), clause="service.md: Commits", streams=5)
async def monitor_timestamps_increase(cell: Cell) -> None:
    """Timestamps of a store increase strictly, however fast its changes follow each other."""
    monitor = await subscribed(cell)
    keys = [f"key {number}" for number in range(100)]
    await cell.batch(*(item(key, b"") for key in keys)).ok()
    for delete in [cell.delete(key) for key in keys[:4]]:
        await delete.ok()
    events = await monitor.responses(len(keys) + 4)
    expect.increasing([event.timestamp for event in events], "timestamps")


@case(covers=(Rpc.MONITOR, Rpc.PUT), clause="service.md: Monitor", streams=34)
async def monitor_two_subscribers(cell: Cell) -> None:
    """Subscribers are told the same changes in the same order, also of calls that run at once."""
    first, second = await subscribed(cell), await subscribed(cell)
    for put in [cell.put(f"key {number}", str(number).encode()) for number in range(32)]:
        await put.ok()
    told = await first.responses(32)
    expect.equal(await second.responses(32), told, "events of the second subscriber")
    expect.increasing([event.timestamp for event in told], "timestamps")
    expect.equal(len({event.key for event in told}), 32, "keys told of")


@case(covers=(Rpc.MONITOR, Rpc.BATCH), clause="service.md: Monitor", bulk=True)
async def monitor_queue_holds_1024(cell: Cell) -> None:
    """A subscriber that does not read for a while misses nothing: 1,024 events are kept for it."""
    monitor = await subscribed(cell, credit=1, channel=cell.open_channel())
    # Large enough that the libraries' own buffers hold few of them.
    items = [item(f"key {number}", bytes(1024)) for number in range(QUEUE)]
    await cell.batch(*items).ok()
    monitor.receive(0)
    events = await monitor.responses(QUEUE)
    expect.equal([event.key for event in events], [sent.key for sent in items], "keys told of")


@case(covers=(Rpc.MONITOR, Rpc.BATCH), clause="service.md: Monitor", bulk=True)
async def monitor_slow_subscriber_ends(cell: Cell) -> None:
    """The event that finds a subscriber's queue full ends its stream, and only its.

    The status is RESOURCE_EXHAUSTED `subscriber too slow`; what was delivered is a prefix without a
    gap. Other subscribers and those who make the changes are not delayed. How much the libraries
    hold beside the queue is theirs to say, so the values grow until they hold it no more.
    """
    for size in (1 << 12, 1 << 14):
        items = [item(f"key {number}", bytes(size)) for number in range(QUEUE + 276)]
        # On a connection of its own: what it does not read must not fill the others' window.
        slow = await subscribed(cell, credit=1, channel=cell.open_channel())
        await _change_in_step(cell, items)
        slow.receive(0)
        if not await _survives(slow, len(items)):
            expect.status(await slow.status(), Code.RESOURCE_EXHAUSTED, "subscriber too slow")
            keys = [sent.key for sent in items[: len(slow.received)]]
            expect.equal([event.key for event in slow.received], keys, "keys told of")
            return
    raise expect.fail("a subscriber that does not read", "RESOURCE_EXHAUSTED", "every event")


async def _change_in_step(cell: Cell, items: list[stock_pb2.BatchItem]) -> None:
    """Makes changes no faster than another subscriber, which must not overflow, is told of them."""
    fast = await subscribed(cell)
    batch = cell.batch()
    for begin in range(0, len(items), 100):
        some = items[begin : begin + 100]
        batch.send(*some)
        events = await fast.responses(len(some))
        expect.equal([event.key for event in events], [sent.key for sent in some], "keys told of")
    await batch.ok()
    fast.cancel()


async def _survives(monitor: Call[Any], events: int) -> bool:
    """Whether a stream delivers that many events instead of ending before."""
    status = asyncio.ensure_future(monitor.status())
    delivered = asyncio.ensure_future(monitor.responses(events))
    both = (status, delivered)
    try:
        done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in both:
            waiting.cancel()
        await asyncio.gather(*both, return_exceptions=True)
    return delivered in done and delivered.exception() is None


@case(covers=(Rpc.MONITOR, Rpc.PUT), clause="service.md: Errors", core=True)
async def monitor_cancel_is_seen(cell: Cell) -> None:
    """A cancelled subscriber ends with CANCELLED, and the server sees it and forgets it."""
    tag = session_pb2.Directive(tag="monitor")
    monitor = await subscribed(cell, directive=tag)
    await cell.put("key", b"value").ok()
    await monitor.response()
    monitor.cancel()
    expect.status(await monitor.status(), Code.CANCELLED)
    observation = await cell.observation("monitor")
    seen = (observation.cancelled, observation.messages_read, observation.messages_sent)
    expect.equal(seen, (True, 1, 1), "observation (cancelled, messages read, messages sent)")


@case(covers=(Rpc.MONITOR, Rpc.PUT), clause="service.md: Errors", waits=0.5)
async def monitor_deadline_ends_stream(cell: Cell) -> None:
    """A subscriber's deadline ends its stream, not sooner; what it delivered until then stays.

    As in `deadline_exceeded`, a quarter is forgiven.
    """
    monitor = cell.monitor(timeout=0.5)
    keys = [f"key {number}" for number in range(3)]
    for key in keys:
        await cell.put(key, b"").ok()
    expect_out_of_time(await monitor.status())
    expect.between(monitor.last_ns / 1e9, 0.375, 5.0, "seconds until the end")
    # Some of them may have come before the call, some after its end.
    told = [event.key for event in monitor.received]
    first = keys.index(told[0]) if told else 0
    expect.equal(told, keys[first : first + len(told)], "keys told of")
