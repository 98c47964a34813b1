"""Steps of the cases in which a connection must not come about: what both ends must have seen of it."""

import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from types import MappingProxyType
from typing import Final, Unpack

from conformance.runner import expect
from conformance.runner.cell import Cell
from conformance.runner.ends import ChannelChanges, Endpoint
from conformance.runner.status_code import Code
from conformance.runner.transcript import DIRECTIVE
from conformance.stock.grpc_client import expect_code, open_channel
from conformance.stock.steps import expect_totals
from proto import session_pb2, stock_pb2, stock_pb2_grpc

# From the call to its end; it has no deadline of its own. A library that tries again or hangs is late
# each time, a busy machine is not: the quickest of three calls counts. What a good connection takes on this
# machine at this time is forgiven twice.
_REFUSED_SECONDS: Final = 2.0
_LOOKS: Final = 3
# Most that is waited for the calls of a listener; where all were refused there are none.
_GRACE_SECONDS: Final = 5.0

# Tags of the call that must not be seen, and of a later one that must.
_REFUSED, _AFTER = "refused", "after"

NOTHING: Final[Mapping[str, tuple[Code, ...]]] = MappingProxyType({})

# What libraries report of a connection that breaks under a call instead of UNAVAILABLE. Of a server that
# refuses its client in TLS 1.3, a client sees nothing else: its own handshake is over.
BROKEN: Final[Mapping[str, tuple[Code, ...]]] = {
    # hyper's error in mid-call, or CANCELLED where it was not begun yet: neither has a kind that
    # tonic's Status::from_error maps to UNAVAILABLE.
    "tonic": (Code.UNKNOWN, Code.CANCELLED),
    # An HttpRequestException that comes of no socket's error: HttpExceptionResolver.
    "grpc-dotnet": (Code.INTERNAL,),
}

# The same where the server may answer with an alert of TLS, which a client in plaintext reads as HTTP/2.
NO_HTTP2: Final[Mapping[str, tuple[Code, ...]]] = {
    "tonic": (*BROKEN["tonic"], Code.INTERNAL),
    "grpc-dotnet": BROKEN["grpc-dotnet"],
    # netty's Http2Exception: Utils.statusFromThrowable.
    "grpc-java": (Code.INTERNAL,),
}

# The same for a connection that the client itself has refused.
UNFIT: Final[Mapping[str, tuple[Code, ...]]] = {
    # "Requesting HTTP version 2.0 with version policy RequestVersionExact while unable to establish
    # HTTP/2 connection": what is no failure of a socket is INTERNAL.
    "grpc-dotnet": (Code.INTERNAL,),
}


async def expect_refused(
    cell: Cell,
    also: Mapping[str, Collection[Code]] = NOTHING,
    **changes: Unpack[ChannelChanges],
) -> None:
    """Expects a call over a channel with such changes to end soon, by itself, as one that could not reach the server.

    `also` are the codes that a library has for it beside UNAVAILABLE.
    """
    await _expect_soon(
        lambda: _seconds_until_refused(cell, also, changes), lambda: _seconds_of_a_good_call(cell)
    )


async def _seconds_of_a_good_call(cell: Cell) -> float:
    call = cell.inventory(channel=cell.open_channel())
    await call.ok()
    return call.last_ns / 1e9


async def _seconds_until_refused(
    cell: Cell, also: Mapping[str, Collection[Code]], changes: ChannelChanges
) -> float:
    channel = cell.open_channel(**changes)
    refused = session_pb2.Directive(tag=_REFUSED)
    call = cell.put("refused", b"", channel=channel, directive=refused)
    status = await call.status()
    library = cell.client.hello.library.partition(" ")[0]
    if status.code not in {code.value for code in also.get(library, ())}:
        expect.status(status, Code.UNAVAILABLE)
    cell.close_channel(channel)
    return call.last_ns / 1e9


async def expect_unseen(cell: Cell, listener: Endpoint) -> None:
    """Expects the refused call to have reached no handler of a listener.

    Once that has stopped no call of it is left that could come later.
    """
    await cell.stop(listener, _GRACE_SECONDS)
    await expect_totals(cell, 0, 0)
    await cell.inventory(directive=session_pb2.Directive(tag=_AFTER)).ok()
    await _expect_only_after(cell)


# The same by the runner's own client.


async def expect_call_of_runner(cell: Cell, endpoint: Endpoint) -> None:
    """Expects a call to be answered."""
    async with open_channel(cell, endpoint) as channel:
        stub = stock_pb2_grpc.StockStub(channel)
        await stub.Inventory(stock_pb2.InventoryRequest(), metadata=_metadata(cell, ""))


async def expect_refused_to_runner(cell: Cell, endpoint: Endpoint) -> None:
    """Expects a call to end soon as one that could not reach the server."""
    await _expect_soon(
        lambda: _seconds_until_refused_to_runner(cell, endpoint),
        lambda: _seconds_of_a_good_call_of_runner(cell),
    )


async def _seconds_of_a_good_call_of_runner(cell: Cell) -> float:
    begun = time.monotonic()
    await expect_call_of_runner(cell, cell.endpoint)
    return time.monotonic() - begun


async def _seconds_until_refused_to_runner(cell: Cell, endpoint: Endpoint) -> float:
    async with open_channel(cell, endpoint) as channel:
        stub = stock_pb2_grpc.StockStub(channel)
        request = stock_pb2.PutRequest(key="refused")
        begun = time.monotonic()
        await expect_code(stub.Put(request, metadata=_metadata(cell, _REFUSED)), Code.UNAVAILABLE)
        return time.monotonic() - begun


async def expect_unseen_by_runner(cell: Cell, listener: Endpoint) -> None:
    """Expects the refused call to have reached no handler of a listener."""
    await cell.stop(listener, _GRACE_SECONDS)
    async with open_channel(cell) as channel:
        stub = stock_pb2_grpc.StockStub(channel)
        totals = await stub.Inventory(
            stock_pb2.InventoryRequest(), metadata=_metadata(cell, _AFTER)
        )
        expect.equal(totals.total_items, 0, "keys stored")
    await _expect_only_after(cell)


def _metadata(cell: Cell, tag: str) -> tuple[tuple[str, bytes], ...]:
    own = session_pb2.Directive(store=cell.store, tag=f"{cell.store}/{tag}" if tag else "")
    return ((DIRECTIVE, own.SerializeToString()),)


async def _expect_soon(
    refused: Callable[[], Awaitable[float]], good: Callable[[], Awaitable[float]]
) -> None:
    """Expects a call to be refused within two seconds: the quickest of three where the first is late."""
    took = await refused()
    for _ in range(1, _LOOKS):
        if took <= _REFUSED_SECONDS:
            return
        took = min(took, await refused())
    if took > _REFUSED_SECONDS:
        most = _REFUSED_SECONDS + 2 * await good()
        expect.between(took, 0, most, f"seconds until the end, the quickest of {_LOOKS}")


async def _expect_only_after(cell: Cell) -> None:
    await cell.observation(_AFTER)
    expect.true(not cell.has_observed(_REFUSED), "the server not to have seen the refused call")
