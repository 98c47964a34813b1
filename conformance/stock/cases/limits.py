"""Suite limits: what is as large as allowed is served; what is larger is refused, and harms nothing else."""

import asyncio
import contextlib
import ssl
import time
from typing import Final

from conformance.runner import expect
from conformance.runner.case import Scope, case
from conformance.runner.cell import Cell
from conformance.runner.config import Security
from conformance.runner.rpc import Rpc, Shape
from conformance.runner.status_code import Code
from conformance.stock import http2
from conformance.stock.answer import Answer
from conformance.stock.cases.metadata import expect_pairs, finished, wire
from conformance.stock.messages import buy
from conformance.stock.paths import PATHS
from conformance.stock.shapes import case_per_shape
from conformance.stock.sized import RECEIVING, SENDING, SMALL, expect_exhausted, put_request
from conformance.stock.steps import expect_totals, expect_value, subscribed
from conformance.stock.wire import plain
from proto import session_pb2, stock_pb2

# Bytes of a message, where nobody asks for another limit.
DEFAULT: Final = 4_194_304

# Request metadata on either side of 16 KiB, entries counted as RFC 9113 does (section 6.5.2). Each is
# small, and all of them fit into one frame: grpc-go ends connections for what does not.
ALLOWED: Final = tuple((f"x-large-{number}", "m" * 180) for number in range(60))
TOO_LARGE: Final = tuple((f"x-large-{number}", "m" * 180) for number in range(80))
# More than twice that, in values that are short, as hpack's Huffman code takes quadratic time.
HUGE: Final = tuple((f"x-huge-{number}", "m" * 1024) for number in range(40))

# How a call with too much of it ends. gRPC has a status for it; RST_STREAM is INTERNAL
# (PROTOCOL-HTTP2.md: Errors), HTTP's own 431 is UNKNOWN (http-grpc-status-mapping.md).
REFUSED: Final = (Code.RESOURCE_EXHAUSTED, Code.INTERNAL, Code.UNKNOWN)

# 8 KiB that any end must take, half of it text and half of it binary.
LARGE: Final = (("x-large", b"0123456789abcdef" * 256), ("x-large-bin", bytes(range(256)) * 16))

# Calls that a connection has room for.
STREAMS: Final = 100
# Far more than any library forgives.
PINGS: Final = 100


@case_per_shape(clause="service.md: Data", streams=3)
async def limits_request(cell: Cell, shape: Shape) -> None:
    """A request of the server's limit is served; one of a byte more ends its call with RESOURCE_EXHAUSTED.

    What the call has done until then stays done, and another call of the connection goes on.
    """
    listener = await cell.listen(max_receive_bytes=SMALL)
    channel = cell.open_channel(port=listener.port)
    bystander = cell.trade(channel=channel)
    await SENDING[shape](cell, channel)
    await bystander.ok()


@case_per_shape(clause="service.md: Data", streams=3)
async def limits_response(cell: Cell, shape: Shape) -> None:
    """A response of the client's limit is read; one of a byte more ends its call with RESOURCE_EXHAUSTED.

    What was read until then stays, and another call of the connection goes on.
    """
    limit, receive = RECEIVING[shape]
    channel = cell.open_channel(max_receive_bytes=limit)
    bystander = cell.trade(channel=channel)
    await receive(cell, channel)
    await bystander.ok()


@case(covers=(Rpc.PUT, Rpc.GET, Rpc.MONITOR), clause="service.md: Data", bulk=True)
async def limits_default(cell: Cell) -> None:
    """Where nobody asks for a limit it is 4 MiB, for requests and for responses.

    The largest value that can be stored is read back, but the event that tells of it is larger than
    a subscriber takes.
    """
    monitor = await subscribed(cell)
    at = put_request("k", DEFAULT)
    await cell.start(Rpc.PUT, at).ok()
    await expect_exhausted(monitor)
    await expect_exhausted(cell.start(Rpc.PUT, put_request("k", DEFAULT + 1)))
    await expect_value(cell, "k", at.value)


@case_per_shape(clause="service.md: Life of a server")
async def limits_metadata(cell: Cell, shape: Shape) -> None:
    """8 KiB of metadata arrive whole: with a request, as initial and as trailing metadata."""
    await finished(cell, shape, session_pb2.Directive(tag="request"), LARGE)
    observation = await cell.observation("request")
    expect_pairs(observation.metadata, LARGE, "request metadata")
    # One after the other: the directive that asks for both is more than a request may have.
    initial = await finished(cell, shape, session_pb2.Directive(headers=wire(LARGE)))
    expect_pairs(await initial.headers(), LARGE, "initial metadata")
    trailing = await finished(cell, shape, session_pb2.Directive(trailers=wire(LARGE)))
    expect_pairs((await trailing.status()).trailers, LARGE, "trailing metadata")


@case(covers=(Rpc.PUT, Rpc.TRADE), clause="service.md: Life of a server")
async def limits_metadata_refused(cell: Cell) -> None:
    """A call with more than 16 KiB of metadata is refused, by either end, and no handler sees it.

    Another call of the connection goes on.
    """
    channel = cell.open_channel()
    bystander = cell.trade(buy("acme", 1), channel=channel)
    await bystander.response()
    status = await cell.put("over", b"", metadata=TOO_LARGE, channel=channel).status()
    expect.one_of(Code(status.code), REFUSED, f"status ({status.message!r})")
    await cell.put("after", b"", channel=channel).ok()
    await bystander.ok()
    await expect_totals(cell, 1, 0)


@case(scope=Scope.SERVER, covers=(Rpc.PUT,), clause="service.md: Life of a server", core=True)
async def limits_metadata_on_the_wire(cell: Cell) -> None:
    """A server refuses more than 16 KiB of metadata to a client that sends it all the same.

    The connection goes on, and where there is far more of it at least the server does.
    """
    request = plain(stock_pb2.PutRequest(key="allowed"))
    async with http2.connect(cell) as connection:
        # Else the first call would be under no limit.
        await connection.settle()
        for metadata in (ALLOWED, TOO_LARGE, ()):
            call = connection.start(PATHS[Rpc.PUT], metadata)
            connection.finish(call, request)
            await connection.end(call)
            what = f"OK of {len(metadata)} entries ({call.outcome})"
            expect.equal(call.outcome == Code.OK.name, metadata is not TOO_LARGE, what)
        connection.start(PATHS[Rpc.PUT], HUGE)
        await connection.ping()
    async with http2.connect(cell) as connection:
        await _put_all(connection, _start(connection, 1))


@case(scope=Scope.SERVER, covers=(Rpc.PUT,), clause="service.md: Life of a server", core=True)
async def limits_streams(cell: Cell) -> None:
    """A connection has room for a hundred calls, and the server says so; one more is refused.

    The hundred go on, or else the connection ends (RFC 9113: 5.4.1), and the server does not.
    """
    async with http2.connect(cell) as connection:
        expect.equal(await connection.most_streams(), STREAMS, "MAX_CONCURRENT_STREAMS")
        await _put_all(connection, _start(connection, STREAMS))
        calls = _start(connection, STREAMS + 1)
        if await connection.refuses(calls.pop()):
            await _put_all(connection, calls)
    async with http2.connect(cell) as connection:
        await _put_all(connection, _start(connection, 1))


def _start(connection: http2.Connection, calls: int) -> list[Answer]:
    return [connection.start(PATHS[Rpc.PUT]) for _ in range(calls)]


async def _put_all(connection: http2.Connection, calls: list[Answer]) -> None:
    """Sends the requests of calls that wait for them; expects all to end well."""
    for call in calls:
        connection.finish(call, plain(stock_pb2.PutRequest(key="key")))
    for call in calls:
        await connection.end(call)
    ends = {call.outcome for call in calls}
    expect.equal(ends, {Code.OK.name}, f"ends of {len(calls)} calls")


@case(scope=Scope.SERVER, covers=(), clause="service.md: Life of a server")
async def limits_pings(cell: Cell) -> None:
    """A client that pings without end is sent away with GOAWAY `too_many_pings`; another one is not."""
    async with http2.connect(cell) as bystander, http2.connect(cell) as connection:
        answered = 0
        while await connection.ping():
            answered += 1
            expect.true(answered < PINGS, f"fewer than {PINGS} pings to be answered")
        goaway = http2.Goaway("ENHANCE_YOUR_CALM", b"too_many_pings")
        expect.equal(connection.goaway, goaway, "GOAWAY")
        expect.true(await bystander.ping(), "another connection to go on")


@case(
    scope=Scope.SERVER,
    covers=(),
    clause="service.md: Life of a server",
    securities=(Security.TLS, Security.MTLS),
    waits=10.0,
    deadline=60.0,
)
async def limits_handshake(cell: Cell) -> None:
    """A TLS handshake that does not go on is given some seconds and then ended, wherever it stands.

    Another one is made afterwards.
    """
    hello = _client_hello()
    begun = time.monotonic()
    await asyncio.gather(*(_end_of(cell, said) for said in (b"", hello[: len(hello) // 2])))
    expect.true(time.monotonic() - begun > 5.0, "a handshake to have five seconds at least")
    async with http2.connect(cell) as connection:
        await connection.settle()


async def _end_of(cell: Cell, said: bytes) -> None:
    """Waits until the server ends a connection on which no more than that is said."""
    reader, writer = await asyncio.open_connection(cell.endpoint.host, cell.endpoint.port)
    try:
        writer.write(said)
        with contextlib.suppress(ConnectionError):
            await reader.read()
    finally:
        writer.close()


def _client_hello() -> bytes:
    """What a client says first."""
    sent = ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls = context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return sent.read()
