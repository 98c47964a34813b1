"""Suite status: how calls end that do not end well: codes, messages, details, faults."""

import re

from google.rpc import status_pb2

from conformance.runner import expect
from conformance.runner.case import case
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc, Shape
from conformance.runner.status_code import Code
from conformance.stock.messages import buy, expect_filled, item
from conformance.stock.shapes import case_per_shape, start
from conformance.stock.steps import expect_totals, subscribed
from proto import session_pb2, stock_pb2

# Control characters, what percent-encoding must not confuse, characters of two to four bytes.
UNICODE_MESSAGE = "a\ttab, a\nline, 100%, %41, %, é, 鍵, 🦊, ~"

# What only a stack trace, an address or a path has.
_LEAK = re.compile(
    r"Traceback|goroutine|\bat [\w.$<>]+\(|0x[0-9a-f]{4,}|[\w.]/\w+|\.\w{2,4}:\d+|\n"
)


def failing(
    code: int, message: str = "", details: bytes = b"", after: int = 0
) -> session_pb2.Directive:
    """A directive that ends the call with a status."""
    fail = session_pb2.Fail(code=code, message=message, details=details, after=after)
    return session_pb2.Directive(fail=fail)


@case_per_shape(clause="service.md: Conformance mode", streams=16)
async def status_each_code(cell: Cell, shape: Shape) -> None:
    """Each of the sixteen codes other than OK arrives as it was sent, with its message."""
    codes = [code for code in Code if code is not Code.OK]
    calls = [start(cell, shape, directive=failing(code, f"as {code.name}")) for code in codes]
    for code, call in zip(codes, calls, strict=True):
        expect.status(await call.status(), code, f"as {code.name}")
        expect.equal(call.received, [], "responses")


@case_per_shape(clause="PROTOCOL-HTTP2.md: Status-Message")
async def status_message_unicode(cell: Cell, shape: Shape) -> None:
    """A status message is any text: control characters, percent signs and emoji arrive as sent."""
    call = start(cell, shape, directive=failing(Code.ABORTED, UNICODE_MESSAGE))
    expect.status(await call.status(), Code.ABORTED, UNICODE_MESSAGE)


@case_per_shape(clause="service.md: Conformance mode")
async def status_message_empty(cell: Cell, shape: Shape) -> None:
    """A status may have no message; then nobody makes one up."""
    call = start(cell, shape, directive=failing(Code.DATA_LOSS))
    expect.status(await call.status(), Code.DATA_LOSS, "")


@case_per_shape(clause="service.md: Conformance mode")
async def status_rich_details(cell: Cell, shape: Shape) -> None:
    """The bytes of `grpc-status-details-bin` arrive as they were sent, and not as a trailer too."""
    rich = status_pb2.Status(code=Code.OUT_OF_RANGE, message=UNICODE_MESSAGE)
    rich.details.add().Pack(stock_pb2.PutRequest(key="🦊", value=bytes(range(256))))
    details = rich.SerializeToString()
    directive = failing(Code.OUT_OF_RANGE, UNICODE_MESSAGE, details)
    status = await start(cell, shape, directive=directive).status()
    expect.status(status, Code.OUT_OF_RANGE, UNICODE_MESSAGE)
    expect.equal(status.details, details, "status details")
    expect.equal(expect.values(status.trailers, "grpc-status-details-bin"), [], "trailers")


@case(covers=(Rpc.MONITOR, Rpc.PUT), clause="service.md: Conformance mode", core=True)
async def status_fail_after_k_server_stream(cell: Cell) -> None:
    """A stream ended after three events delivers these three, and ends without a fourth change."""
    monitor = await subscribed(cell, directive=failing(Code.ABORTED, "enough", after=3))
    for number in range(3):
        await cell.put(f"key {number}", b"").ok()
    expect.status(await monitor.status(), Code.ABORTED, "enough")
    keys = [event.key for event in monitor.received]
    expect.equal(keys, ["key 0", "key 1", "key 2"], "keys told of")


@case(covers=(Rpc.TRADE,), clause="service.md: Conformance mode", core=True)
async def status_fail_after_k_bidi_stream(cell: Cell) -> None:
    """A stream ended after three fills delivers these three, and ends before the client does."""
    trade = cell.trade(
        *(buy("acme", 1) for _ in range(3)), directive=failing(Code.ABORTED, "enough", after=3)
    )
    expect.status(await trade.status(), Code.ABORTED, "enough")
    expect.equal(len(trade.received), 3, "fills")
    for fill in trade.received:
        expect_filled(fill, "acme", 1, "bought")


@case(covers=(Rpc.PUT,), clause="service.md: Conformance mode")
async def status_fail_instead_of_handler(cell: Cell) -> None:
    """A `fail` is instead of the handler: for a unary call always, for a stream without `after`."""
    for after in (0, 3):
        put = cell.put("key", b"value", directive=failing(Code.ABORTED, "instead", after=after))
        expect.status(await put.status(), Code.ABORTED, "instead")
    batch = cell.batch(item("key", b"value"), directive=failing(Code.ABORTED, "instead"))
    expect.status(await batch.status(), Code.ABORTED, "instead")
    await expect_totals(cell, 0, 0)


@case(covers=(Rpc.ABSENT_GET,), clause="service.md: Errors", core=True)
async def status_unimplemented_service(cell: Cell) -> None:
    """A call of a service that nobody serves is UNIMPLEMENTED."""
    expect.status(await cell.absent_get("key").status(), Code.UNIMPLEMENTED)


@case_per_shape(clause="service.md: Errors")
async def status_handler_throws(cell: Cell, shape: Shape) -> None:
    """A fault of a handler is UNKNOWN or INTERNAL, and the server lives on.

    The message tells nothing of the program: no stack trace, address or path.
    """
    call = start(cell, shape, directive=session_pb2.Directive(throw=True))
    status = await call.status()
    fault = status.code in (Code.UNKNOWN, Code.INTERNAL)
    expect.true(fault, f"UNKNOWN or INTERNAL, got {expect.show_status(status)}")
    leak = _LEAK.search(status.message)
    expect.equal(leak and leak[0], None, f"trace, address or path in {status.message!r}")
    await cell.put("key", b"the server lives").ok()


@case_per_shape(clause="service.md: Conformance mode")
async def status_bad_directive(cell: Cell, shape: Shape) -> None:
    """A directive that does not decode is INVALID_ARGUMENT `bad directive`, and no handler runs."""
    call = start(cell, shape, directive=b"\x0a\xff")
    expect.status(await call.status(), Code.INVALID_ARGUMENT, "bad directive")
    expect.equal(call.received, [], "responses")
