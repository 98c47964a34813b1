"""Suite malformed: requests that no stub can send, sent by the runner's own client."""

from collections.abc import Iterable

import grpc.aio

from conformance.runner import expect
from conformance.runner.case import Scope, case
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc, Shape
from conformance.runner.status_code import Code
from conformance.runner.transcript import DIRECTIVE
from conformance.stock.grpc_client import open_channel
from conformance.stock.paths import PATHS
from proto import session_pb2, stock_pb2

# Field 1 says it is five bytes long, and there are two.
TRUNCATED = b"\x0a\x05ab"
# Field 1 as every key is, of bytes that are no UTF-8.
NOT_UTF8 = b"\x0a\x03a\xffb"

WITH_KEY = [rpc for rpc in PATHS if rpc not in (Rpc.INVENTORY, Rpc.TRADE)]
UNARY = [rpc for rpc in PATHS if rpc.shape is Shape.UNARY]


async def _end(
    cell: Cell, channel: grpc.aio.Channel, rpc: Rpc, requests: Iterable[bytes]
) -> tuple[str, str]:
    """How a call of raw requests ends, in the permutation's own store: code and message.

    Any method may be called as if both its ends streamed: that shows nowhere on the wire.
    """
    method: grpc.aio.StreamStreamMultiCallable[bytes, bytes]
    method = channel.stream_stream(PATHS[rpc], None, None)
    call = method(iter([*requests]), metadata=((DIRECTIVE, _directive(cell)),))
    return (await call.code()).name, await call.details() or ""


def _directive(cell: Cell) -> bytes:
    return session_pb2.Directive(store=cell.store).SerializeToString()


async def _expect_stored(cell: Cell, channel: grpc.aio.Channel, keys: int) -> None:
    """Expects the permutation's store to have some keys; it proves that the server lives, too."""
    inventory: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]
    inventory = channel.unary_unary(PATHS[Rpc.INVENTORY], None, None)
    answer = await inventory(b"", metadata=((DIRECTIVE, _directive(cell)),))
    totals = stock_pb2.InventoryStatus.FromString(answer)
    expect.equal(totals.total_items, keys, "keys stored")


@case(scope=Scope.SERVER, covers=tuple(PATHS), clause="service.md: Errors", core=True)
async def malformed_request(cell: Cell) -> None:
    """A request that does not decode ends the call with INTERNAL, of whatever shape; the server lives on."""
    async with open_channel(cell) as channel:
        for rpc in PATHS:
            code, message = await _end(cell, channel, rpc, [TRUNCATED])
            expect.equal(code, Code.INTERNAL.name, f"status of {rpc.name} ({message!r})")
        await _expect_stored(cell, channel, 0)


@case(scope=Scope.SERVER, covers=(Rpc.BATCH,), clause="service.md: Batch")
async def malformed_item_keeps_applied(cell: Cell) -> None:
    """A batch that is ended by an item that does not decode keeps what it has applied."""
    good = stock_pb2.BatchItem(key="key", value=b"value").SerializeToString()
    async with open_channel(cell) as channel:
        code, message = await _end(cell, channel, Rpc.BATCH, [good, TRUNCATED])
        expect.equal(code, Code.INTERNAL.name, f"status ({message!r})")
        await _expect_stored(cell, channel, 1)


@case(scope=Scope.SERVER, covers=tuple(WITH_KEY), clause="service.md: Keys")
async def malformed_key(cell: Cell) -> None:
    """A key that is not UTF-8 is never replaced by one that is.

    It is INVALID_ARGUMENT, or INTERNAL where the library's parser refuses it first.
    """
    refused = (Code.INVALID_ARGUMENT.name, Code.INTERNAL.name)
    async with open_channel(cell) as channel:
        for rpc in WITH_KEY:
            code, message = await _end(cell, channel, rpc, [NOT_UTF8])
            if rpc is not Rpc.BATCH:
                expect.true(
                    code in refused, f"{rpc.name}: one of {refused}, got {code} {message!r}"
                )
        # A batch may count it as failed.
        await _expect_stored(cell, channel, 0)


@case(scope=Scope.SERVER, covers=tuple(UNARY), clause="service.md: Errors")
async def malformed_no_request(cell: Cell) -> None:
    """A unary call without a request ends, and not with OK."""
    async with open_channel(cell) as channel:
        for rpc in UNARY:
            code, message = await _end(cell, channel, rpc, [])
            expect.true(code != Code.OK.name, f"{rpc.name} not to end with OK {message!r}")
        await _expect_stored(cell, channel, 0)
