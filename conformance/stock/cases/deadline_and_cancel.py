"""Suite deadline_and_cancel: calls that end before their answer, by time or by will, at both ends.

Handlers are held back by the directive's `delay_ms` for far longer than a case may take: an
observation that comes at all proves that the handler was let go.
"""

import time

from conformance.runner import expect
from conformance.runner.case import case
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc, Shape
from conformance.runner.status_code import Code
from conformance.stock.messages import buy, expect_filled, query
from conformance.stock.shapes import HELD_MS, STREAMS, case_per_shape, start
from conformance.stock.steps import expect_out_of_time, expect_totals, subscribed
from proto import session_pb2


def held(tag: str = "", *, headers_first: bool = False) -> session_pb2.Directive:
    """A directive that holds a call back for longer than any case takes."""
    return session_pb2.Directive(tag=tag, delay_ms=HELD_MS, headers_first=headers_first)


async def expect_let_go(cell: Cell, tag: str) -> None:
    """Expects the server to have seen the end of a held call, without an answer."""
    observation = await cell.observation(tag)
    seen = (observation.cancelled, observation.messages_sent)
    expect.equal(seen, (True, 0), "observation (cancelled, messages sent)")


@case_per_shape(clause="service.md: Errors", waits=2.0, core=True)
async def deadline_exceeded(cell: Cell, shape: Shape) -> None:
    """A call whose deadline passes ends for that reason and no sooner; the handler is freed.

    The deadline is long enough for the call to reach a server that has just been started. A quarter of it is
    forgiven: a busy server may end the call, and count from a clock that it read a moment before.
    """
    call = start(cell, shape, timeout=2.0, directive=held("held"))
    expect_out_of_time(await call.status())
    expect.between(call.last_ns / 1e9, 1.5, 6.0, "seconds until the end")
    expect.equal(call.received, [], "responses")
    await expect_let_go(cell, "held")


@case_per_shape(clause="PROTOCOL-HTTP2.md: Timeout")
async def deadline_reaches_server(cell: Cell, shape: Shape) -> None:
    """The server sees how much time the caller allows, or that it sets none."""
    await _expect_deadline(cell, shape, 30.0)
    free = start(cell, shape, directive=session_pb2.Directive(tag="free", throw=True))
    await free.status()
    observation = await cell.observation("free")
    expect.true(
        not observation.HasField("deadline_ns"), f"no deadline, got {observation.deadline_ns} ns"
    )


@case(covers=(Rpc.PUT,), clause="PROTOCOL-HTTP2.md: Timeout")
async def deadline_units_reach_server(cell: Cell) -> None:
    """A deadline of any size reaches the server: eight digits and a unit do not cut it short.

    By more than a unit, that is, of the finest that has room for it: 30 h are sent in seconds.
    """
    for seconds in (1.9, 99.9, 600.0, 30 * 3600.0):
        await _expect_deadline(cell, Shape.UNARY, seconds)


async def _expect_deadline(cell: Cell, shape: Shape, seconds: float) -> None:
    """Expects the server to see a deadline, half a second, a unit and the call's own time aside.

    It may be a hundredth later: C-core sends three digits, rounded up.
    """
    tag = f"within {seconds:g} s"
    begun = time.monotonic()
    # Thrown, so that a server stream ends too.
    directive = session_pb2.Directive(tag=tag, throw=True)
    await start(cell, shape, timeout=seconds, directive=directive).status()
    took = time.monotonic() - begun
    observation = await cell.observation(tag)
    expect.true(observation.HasField("deadline_ns"), f"a deadline of {seconds} s to be seen")
    seen = observation.deadline_ns / 1e9
    earliest = seconds - took - _unit(seconds) - 0.5
    expect.between(seen, earliest, seconds * 1.01 + 0.5, "seconds left for the server")


def _unit(seconds: float) -> float:
    """The finest unit in which eight digits hold a deadline (PROTOCOL-HTTP2.md: TimeoutValue)."""
    return next(unit for unit in (1e-9, 1e-6, 1e-3, 1.0) if seconds < unit * 1e8)


@case_per_shape(clause="PROTOCOL-HTTP2.md: Timeout", streams=3, waits=0.3)
async def deadline_short_not_shortened(cell: Cell, shape: Shape) -> None:
    """A short deadline is not rounded down to nothing: not every call ends before its time.

    The longest of three counts. Rounding shortens each of them, while a server that reads a clock
    of some milliseconds ago, as C-core does in a busy thread, ends one or the other early. A
    millisecond is forgiven, which is what two clocks may differ by.
    """
    longest = dict.fromkeys((2.5, 10.9, 99.9), 0.0)
    for _ in range(3):
        calls = {
            milliseconds: start(cell, shape, timeout=milliseconds / 1e3, directive=held())
            for milliseconds in longest
        }
        for milliseconds, call in calls.items():
            expect_out_of_time(await call.status())
            longest[milliseconds] = max(longest[milliseconds], call.last_ns / 1e6)
    for milliseconds, lasted in longest.items():
        expect.between(lasted, milliseconds - 1, 5e3, "milliseconds until the end")


@case(covers=(Rpc.PUT, Rpc.INVENTORY), clause="service.md: Errors", waits=2.0)
async def deadline_frees_the_handler(cell: Cell) -> None:
    """A handler whose deadline has passed is let go within a second: it stores nothing later."""
    late = cell.put("key", b"late", timeout=0.3, directive=session_pb2.Directive(delay_ms=1500))
    # Answered when the other would have stored, had nobody let it go.
    after = cell.inventory(directive=session_pb2.Directive(delay_ms=2000))
    expect_out_of_time(await late.status())
    [totals] = await after.ok()
    expect.equal(totals.total_items, 0, "items stored")


@case_per_shape(clause="service.md: Errors")
async def deadline_already_passed(cell: Cell, shape: Shape) -> None:
    """A deadline of a nanosecond passes before anything can be answered, and that is the status."""
    call = start(cell, shape, timeout=1e-9, directive=held())
    expect_out_of_time(await call.status())
    expect.equal(call.received, [], "responses")


@case_per_shape(clause="service.md: Errors", core=True)
async def cancel_before_response(cell: Cell, shape: Shape) -> None:
    """A call that is cancelled before it is answered ends with CANCELLED and without a response."""
    call = start(cell, shape, directive=held())
    call.cancel()
    expect.status(await call.status(), Code.CANCELLED)
    expect.equal(call.received, [], "responses")


@case(covers=(Rpc.MONITOR, Rpc.PUT), clause="service.md: Errors")
async def cancel_after_first_server_stream(cell: Cell) -> None:
    """A stream cancelled after its first event has delivered that one and ends with CANCELLED."""
    monitor = await subscribed(cell)
    await cell.put("key", b"value").ok()
    await monitor.response()
    monitor.cancel()
    expect.status(await monitor.status(), Code.CANCELLED)
    expect.equal(len(monitor.received), 1, "events")


@case(covers=(Rpc.TRADE,), clause="service.md: Errors")
async def cancel_after_first_bidi_stream(cell: Cell) -> None:
    """An open stream cancelled after its first fill ends with CANCELLED; what was bought stays."""
    trade = cell.trade(buy("acme", 5), directive=session_pb2.Directive(tag="trade"))
    await trade.response()
    trade.cancel()
    expect.status(await trade.status(), Code.CANCELLED)
    observation = await cell.observation("trade")
    seen = (observation.cancelled, observation.messages_read, observation.messages_sent)
    expect.equal(seen, (True, 1, 1), "observation (cancelled, messages read, messages sent)")
    [position] = await cell.trade(query("acme")).ok()
    expect_filled(position, "acme", 5, "position")


@case_per_shape(*STREAMS, clause="service.md: Errors", core=True)
async def cancel_is_seen_by_server(cell: Cell, shape: Shape) -> None:
    """A cancellation reaches a handler that is at work and lets it go."""
    call = start(cell, shape, directive=held("held", headers_first=True))
    await call.headers()
    call.cancel()
    expect.status(await call.status(), Code.CANCELLED)
    await expect_let_go(cell, "held")


@case(covers=(Rpc.PUT,), clause="service.md: Errors", waits=1.0, core=True)
async def cancel_is_seen_by_server_unary(cell: Cell) -> None:
    """A cancellation reaches the handler of a unary call, which then stores nothing.

    Nothing shows the caller of a unary call that its handler is at work; another call that was sent
    later on the same connection and took a second must do. (Of two hundred threads under one lock
    some get their turn a tenth of a second after others.)
    """
    call = cell.put("key", b"value", directive=held("held"))
    await cell.get("other", directive=session_pb2.Directive(delay_ms=1000)).status()
    call.cancel()
    expect.status(await call.status(), Code.CANCELLED)
    await expect_let_go(cell, "held")
    await expect_totals(cell, 0, 0)


@case(covers=(Rpc.GET,), clause="service.md: Errors", waits=0.2, streams=8)
async def cancel_is_of_one_call(cell: Cell) -> None:
    """Cancelling a call ends that call alone: others on the same connection are answered."""
    await cell.put("key", b"value").ok()
    # The cancelled one would take longer than the case has: it cannot be answered before.
    delays = [60_000 if number == 3 else 200 for number in range(8)]
    calls = [cell.get("key", directive=session_pb2.Directive(delay_ms=ms)) for ms in delays]
    calls[3].cancel()
    for number, call in enumerate(calls):
        expected = Code.CANCELLED if number == 3 else Code.OK
        expect.status(await call.status(), expected)


@case_per_shape(clause="session.proto: Cancel")
async def cancel_after_the_end(cell: Cell, shape: Shape) -> None:
    """Cancelling a call that has ended changes nothing: the status stays, and other calls go on."""
    directive = session_pb2.Directive(fail=session_pb2.Fail(code=Code.ABORTED, message="ended"))
    call = start(cell, shape, directive=directive)
    expect.status(await call.status(), Code.ABORTED, "ended")
    call.cancel()
    await cell.put("key", b"value").ok()
    expect.status(await call.status(), Code.ABORTED, "ended")
