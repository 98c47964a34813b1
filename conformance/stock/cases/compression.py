"""Suite compression: gzip in both directions, on the wire and through the libraries, and its limits.

That a message was compressed is told by the bytes that a relay between the ends has read, or by what a
server observes.
"""

import asyncio
import functools
import gzip

from google.protobuf.message import Message as Protobuf

from conformance.runner import expect
from conformance.runner.case import Scope, case
from conformance.runner.cell import CallOptions, Cell
from conformance.runner.config import Security
from conformance.runner.rpc import Rpc, Shape
from conformance.runner.status_code import Code
from conformance.stock import http2
from conformance.stock.exchanges import (
    NAME,
    VALUE,
    answered,
    exchange,
    expect_compressed,
    expect_uncompressed,
)
from conformance.stock.messages import buy, expect_filled, expect_refused, item
from conformance.stock.shapes import case_per_shape
from conformance.stock.steps import subscribed
from conformance.stock.wire import Message, named, plain, tapped
from proto import session_pb2, stock_pb2

COMPRESS = session_pb2.Directive(compress=True)

# Bytes of the largest message that is read; all others are far from it when they are compressed, at whatever level.
LIMIT = 4096

PUT, GET = "/tofusoup.stock.Stock/Put", "/tofusoup.stock.Stock/Get"
BATCH, INVENTORY = "/tofusoup.stock.Stock/Batch", "/tofusoup.stock.Stock/Inventory"
GZIP = (("grpc-encoding", "gzip"),)

# Compression is above the connection: to read it off the wire takes no TLS.
on_the_wire = functools.partial(
    case_per_shape, clause="compression.md: Specification", securities=(Security.PLAINTEXT,)
)


@on_the_wire(relies_on=("gzip_request",))
async def compression_gzip_request(cell: Cell, shape: Shape) -> None:
    """Compressed requests are read as others are, and are small on the wire.

    Those of a call beside it on the same channel are not compressed; those of a later one are, when the
    client has been told what the server accepts.
    """
    async with tapped(cell) as (tap, channel):
        await asyncio.gather(
            exchange(cell, shape, channel=channel, metadata=named("gzip"), compress=True),
            exchange(cell, shape, channel=channel, metadata=named("plain")),
        )
        await exchange(cell, shape, channel=channel, metadata=named("later"), compress=True)
    expect_compressed(tap.exchange("gzip").requests, "requests")
    expect_compressed(tap.exchange("later").requests, "requests of a later call")
    expect_uncompressed(tap.exchange("plain").requests, "requests")


@on_the_wire(relies_on=("gzip_response",))
async def compression_gzip_response(cell: Cell, shape: Shape) -> None:
    """Responses are compressed where the directive asks for it, and are read as others are.

    Those of a call beside it on the same channel are not. A summary is so small that it may be sent as
    it is.
    """
    async with tapped(cell) as (tap, channel):
        await asyncio.gather(
            answered(cell, shape, channel=channel, metadata=named("gzip"), directive=COMPRESS),
            answered(cell, shape, channel=channel, metadata=named("plain")),
        )
    responses = tap.exchange("gzip").responses
    if shape is Shape.CLIENT_STREAM:
        expect.equal(responses.encoding, "gzip", "grpc-encoding of responses")
    else:
        expect_compressed(responses, "responses")
    expect_uncompressed(tap.exchange("plain").responses, "responses")


@case_per_shape(
    clause="service.md: Conformance mode", relies_on=("gzip_request", "observe_encoding")
)
async def compression_request_is_seen(cell: Cell, shape: Shape) -> None:
    """The server sees how the requests of each call are encoded."""
    tags = [session_pb2.Directive(tag=tag) for tag in ("gzip", "plain")]
    await asyncio.gather(
        exchange(cell, shape, directive=tags[0], compress=True),
        exchange(cell, shape, directive=tags[1]),
    )
    compressed = await cell.observation("gzip")
    expect.equal(compressed.request_encoding, "gzip", "request encoding")
    plain = await cell.observation("plain")
    expect.one_of(plain.request_encoding, ("", "identity"), "request encoding without compression")


@case(covers=(Rpc.TRADE, Rpc.PUT, Rpc.GET), clause="compression.md: Specification", core=True)
async def compression_gzip_stream(cell: Cell) -> None:
    """What both ends compress keeps its order and its size, messages of no bytes too."""
    orders = [buy(NAME, 1), stock_pb2.TradeOrder(), buy("a", 2), buy(NAME, 3)]
    trade = cell.trade(directive=COMPRESS, compress=True)
    for order in orders:
        trade.send(order)
        fill = await trade.response()
        if order.symbol:
            expect_filled(fill, order.symbol, order.quantity, "bought")
        else:
            expect_refused(fill, "", "invalid symbol")
    await trade.ok()
    await cell.put("empty", b"", directive=COMPRESS, compress=True).ok()
    [response] = await cell.get("empty", directive=COMPRESS, compress=True).ok()
    expect.equal(response.value, b"", "value")


# The limit. What is compressed here takes some dozens of bytes.


def _filler(message: stock_pb2.PutRequest | stock_pb2.BatchItem, size: int) -> Protobuf:
    """Gives a message a value that makes it just so large."""
    message.value = bytes(size)
    message.value = bytes(2 * size - message.ByteSize())
    expect.equal(message.ByteSize(), size, "bytes of a message (the case's own)")
    return message


def _order(size: int) -> stock_pb2.TradeOrder:
    order = buy("a" * size, 1)
    return buy("a" * (2 * size - order.ByteSize()), 1)


@case(covers=(Rpc.PUT, Rpc.BATCH, Rpc.TRADE), clause="service.md: Compression", streams=6)
async def compression_limit_of_requests(cell: Cell) -> None:
    """The receive limit counts a request's decompressed bytes.

    So many are read; one more is RESOURCE_EXHAUSTED, and so are sixteen times as many, however few they
    are on the wire.
    """
    listener = await cell.listen(max_receive_bytes=LIMIT)
    channel = cell.open_channel(port=listener.port)
    await _expect_limit(cell, channel, LIMIT, Code.OK)
    await _expect_limit(cell, channel, LIMIT + 1, Code.RESOURCE_EXHAUSTED)
    await _expect_limit(cell, channel, LIMIT << 4, Code.RESOURCE_EXHAUSTED)


async def _expect_limit(cell: Cell, channel: int, size: int, code: Code) -> None:
    put = _filler(stock_pb2.PutRequest(key="key"), size)
    added = _filler(stock_pb2.BatchItem(key="key"), size)
    options = CallOptions(channel=channel, compress=True, half_close=True)
    calls = (
        cell.start(Rpc.PUT, put, **options),
        cell.start(Rpc.BATCH, added, **options),
        cell.start(Rpc.TRADE, _order(size), **options),
    )
    for call in calls:
        cell.note(f"{call.rpc.name}: a request of {size} bytes, compressed; the limit is {LIMIT}")
        expect.status(await call.status(), code)


@case(covers=(Rpc.GET, Rpc.MONITOR, Rpc.TRADE), clause="service.md: Compression", streams=4)
async def compression_limit_of_responses(cell: Cell) -> None:
    """The receive limit counts a response's decompressed bytes, however few they are on the wire."""
    channel = cell.open_channel(max_receive_bytes=LIMIT)
    # A response says of itself three bytes more than the value has.
    for size, code in ((LIMIT - 3, Code.OK), (LIMIT - 2, Code.RESOURCE_EXHAUSTED)):
        await cell.put("key", bytes(size)).ok()
        get = cell.get("key", channel=channel, directive=COMPRESS)
        expect.status(await get.status(), code)
    monitor = await subscribed(cell, channel=channel, directive=COMPRESS)
    await cell.put("key", bytes(LIMIT << 4)).ok()
    expect.status(await monitor.status(), Code.RESOURCE_EXHAUSTED)
    trade = cell.trade(buy("a" * LIMIT, 1), channel=channel, directive=COMPRESS)
    expect.status(await trade.status(), Code.RESOURCE_EXHAUSTED)


# What no client's library says, said by the runner itself.


def _zipped(message: Protobuf) -> Message:
    return Message(True, gzip.compress(message.SerializeToString(), mtime=0))


async def _expect_stored(cell: Cell, keys: int) -> None:
    """Expects the permutation's store to have some keys; it proves that the server lives, too."""
    answer = await http2.call(cell, INVENTORY, [plain(stock_pb2.InventoryRequest())])
    answer.expect_code(Code.OK, "a later call")
    expect_uncompressed(answer, "responses that nobody has asked to compress")
    totals = stock_pb2.InventoryStatus.FromString(answer.messages[0].data)
    expect.equal(totals.total_items, keys, "keys stored")


@case(scope=Scope.SERVER, covers=(Rpc.BATCH,), clause="PROTOCOL-HTTP2.md: Compressed-Flag")
async def compression_flag_of_each_message(cell: Cell) -> None:
    """In a compressed stream each message says for itself whether it is compressed."""
    items = [item(f"key {number}", VALUE) for number in range(4)]
    messages = [
        _zipped(added) if number % 2 else plain(added) for number, added in enumerate(items)
    ]
    answer = await http2.call(cell, BATCH, messages, GZIP)
    answer.expect_code(Code.OK, "a batch")
    expect_uncompressed(answer, "responses for who accepts nothing")
    summary = stock_pb2.BatchSummary.FromString(answer.messages[0].data)
    stored = (summary.successful, summary.bytes_written)
    expect.equal(stored, (4, 4 * len(VALUE)), "summary (successful, bytes written)")


@case(
    scope=Scope.SERVER,
    covers=(Rpc.PUT, Rpc.GET),
    clause="compression.md: Compression Method Asymmetry Between Peers",
    relies_on=("gzip_response",),
)
async def compression_not_accepted(cell: Cell) -> None:
    """A caller that does not say that it reads gzip is answered without, though a directive asks."""
    await http2.call(cell, PUT, [plain(stock_pb2.PutRequest(key="key", value=VALUE))])
    get = [plain(stock_pb2.GetRequest(key="key"))]
    accepting = (("grpc-accept-encoding", "identity,gzip"),)
    answer = await http2.call(cell, GET, get, accepting, COMPRESS)
    expect_compressed(answer, "responses for who accepts it")
    for metadata in ((), (("grpc-accept-encoding", "identity"),)):
        answer = await http2.call(cell, GET, get, metadata, COMPRESS)
        answer.expect_code(Code.OK, f"a call with {metadata}")
        expect_uncompressed(answer, f"responses for who sends {metadata}")


UNKNOWN = (("grpc-encoding", "snappy"),)
IN_UNKNOWN = (Message(True, b"\x07\x18snappy!"),)


@case(scope=Scope.SERVER, covers=(Rpc.PUT, Rpc.BATCH), clause="compression.md: Specification")
async def compression_unknown_encoding(cell: Cell) -> None:
    """Requests in an encoding that the server does not know are UNIMPLEMENTED."""
    for path in (PUT, BATCH):
        answer = await http2.call(cell, path, IN_UNKNOWN, UNKNOWN)
        answer.expect_code(Code.UNIMPLEMENTED, path)
    await _expect_stored(cell, 0)


@case(scope=Scope.SERVER, covers=(Rpc.PUT, Rpc.BATCH), clause="compression.md: Specification")
async def compression_unknown_encoding_tells_known(cell: Cell) -> None:
    """The refusal of an encoding that the server does not know tells those that it knows."""
    for path in (PUT, BATCH):
        answer = await http2.call(cell, path, IN_UNKNOWN, UNKNOWN)
        expect.contains(answer.accepts, "gzip", f"grpc-accept-encoding of {path}")


@case(scope=Scope.SERVER, covers=(Rpc.PUT, Rpc.BATCH), clause="compression.md: Specification")
async def compression_flag_without_encoding(cell: Cell) -> None:
    """A message that is flagged as compressed in a call that names no encoding is INTERNAL."""
    for path, message in (
        (PUT, stock_pb2.PutRequest(key="key", value=VALUE)),
        (BATCH, item("key", VALUE)),
    ):
        for metadata in ((), (("grpc-encoding", "identity"),)):
            for request in (_zipped(message), Message(True, message.SerializeToString())):
                answer = await http2.call(cell, path, [request], metadata)
                answer.expect_code(Code.INTERNAL, f"{path} with {metadata}")
    await _expect_stored(cell, 0)


@case(scope=Scope.SERVER, covers=(Rpc.PUT, Rpc.BATCH), clause="service.md: Compression")
async def compression_corrupt_request(cell: Cell) -> None:
    """What is no gzip, ends early or does not match its checksum is INTERNAL, and nothing is stored."""
    whole = _zipped(item("key", VALUE)).data
    for path in (PUT, BATCH):
        for what, data in (
            ("no gzip", b"\x0a\x03key"),
            ("half of it", whole[: len(whole) // 2]),
            ("a wrong checksum", whole[:-8] + b"\0\0\0\0" + whole[-4:]),
        ):
            answer = await http2.call(cell, path, [Message(True, data)], GZIP)
            answer.expect_code(Code.INTERNAL, f"{path} with {what}")
    await _expect_stored(cell, 0)
