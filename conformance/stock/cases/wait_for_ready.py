"""Suite wait_for_ready: calls that wait for a server instead of failing without one.

Nobody can connect to a port that the runner has bound and does not listen at; it begins to when the case
says so. Carried on from there are the bytes of either end, TLS and all.
"""

import contextlib
import functools
import socket
from collections.abc import Iterator
from typing import Any

from conformance.runner import expect
from conformance.runner.call import Call
from conformance.runner.case import case
from conformance.runner.cell import Cell
from conformance.runner.relay import Legs, Relay
from conformance.runner.rpc import Rpc, Shape
from conformance.runner.status_code import Code
from conformance.stock.shapes import start
from conformance.stock.steps import expect_value

# Seconds that a call may wait in vain.
_VAIN = 0.3


@contextlib.contextmanager
def _nobody(cell: Cell) -> Iterator[tuple[int, socket.socket]]:
    """A channel to a port where nobody listens yet, and that port."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        channel = cell.open_channel(port=bound.getsockname()[1])
        yield channel, bound
        cell.close_channel(channel)


async def _expect_fails(cell: Cell, channel: int) -> None:
    """Expects a call that does not wait to have found nobody."""
    expect.status(await cell.inventory(channel=channel).status(), Code.UNAVAILABLE)


async def _waiting(cell: Cell, channel: int) -> dict[Shape, Call[Any]]:
    """Calls that wait for a server.

    They are waiting, not on their way, when another has waited in vain and one that does not wait has failed.
    """
    await _expect_fails(cell, channel)
    calls = {shape: start(cell, shape, channel=channel, wait_for_ready=True) for shape in Shape}
    vain = cell.inventory(channel=channel, wait_for_ready=True, timeout=_VAIN)
    expect.status(await vain.status(), Code.DEADLINE_EXCEEDED)
    await _expect_fails(cell, channel)
    ended = [shape.value for shape, call in calls.items() if call.ended]
    expect.equal(ended, [], "calls that have ended before there was a server")
    return calls


COVERED = (Rpc.PUT, Rpc.MONITOR, Rpc.BATCH, Rpc.TRADE, Rpc.INVENTORY)
waits = functools.partial(
    case,
    covers=COVERED,
    clause="wait-for-ready.md",
    relies_on=("wait_for_ready",),
    waits=_VAIN,
    streams=6,
)


@waits()
async def wait_for_ready_until_deadline(cell: Cell) -> None:
    """Calls that wait for a server which never comes end with their deadlines, and no other way before."""
    with _nobody(cell) as (channel, _):
        # Had it not waited, it would have failed before a later one; a slow machine may be slower than a deadline.
        patient = cell.inventory(channel=channel, wait_for_ready=True)
        for call in [
            start(cell, shape, channel=channel, wait_for_ready=True, timeout=_VAIN)
            for shape in Shape
        ]:
            expect.status(await call.status(), Code.DEADLINE_EXCEEDED)
            expect.between(call.last_ns / 1e6, 299, 5e3, "milliseconds until the end")
        await _expect_fails(cell, channel)
        expect.true(not patient.ended, "a call without a deadline to wait on")


@waits()
async def wait_for_ready_until_cancelled(cell: Cell) -> None:
    """Calls that wait for a server can be cancelled."""
    with _nobody(cell) as (channel, _):
        for call in (await _waiting(cell, channel)).values():
            call.cancel()
            expect.status(await call.status(), Code.CANCELLED)


@waits(core=True)
async def wait_for_ready_until_served(cell: Cell) -> None:
    """Calls of every shape wait for a server that comes later, and are answered by it."""
    with _nobody(cell) as (channel, bound):
        calls = await _waiting(cell, channel)
        async with Relay(cell.endpoint, Legs(), bound=bound):
            await calls.pop(Shape.SERVER_STREAM).headers()
            for call in calls.values():
                await call.ok()
    await expect_value(cell, "key", b"value")
