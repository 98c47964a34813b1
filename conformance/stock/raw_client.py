"""The runner's own HTTP/2 client, for requests that no gRPC library would send: one call a connection."""

import asyncio
import base64
import contextlib
from collections.abc import Iterable
from typing import Final

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    DataReceived,
    Event,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
)

from conformance.runner import expect
from conformance.runner.cell import Cell
from conformance.runner.config import Security
from conformance.runner.status_code import Code
from conformance.runner.transcript import DIRECTIVE
from conformance.stock.contexts import to_server
from conformance.stock.wire import PREFIX, Message, Pairs, Sent
from proto import session_pb2

_CHUNK_BYTES: Final = 1 << 16
# No request is larger, so that none waits for a window (RFC 9113 section 6.9.2).
_MOST_BYTES: Final = 65_535
_FRAME_BYTES: Final = 16_384
# The only stream of its connection.
_STREAM: Final = 1


# What a reset without a status stands for (PROTOCOL-HTTP2.md: Errors).
_RESETS: Final = {
    ErrorCodes.REFUSED_STREAM: Code.UNAVAILABLE,
    ErrorCodes.CANCEL: Code.CANCELLED,
    ErrorCodes.ENHANCE_YOUR_CALM: Code.RESOURCE_EXHAUSTED,
    ErrorCodes.INADEQUATE_SECURITY: Code.PERMISSION_DENIED,
}


class Answer(Sent):
    """What a server has sent, and what that says of the call's end."""

    def __init__(self) -> None:
        super().__init__()
        # Why the stream was reset; None where it was not.
        self.reset: ErrorCodes | int | None = None

    @property
    def accepts(self) -> list[str]:
        """The encodings that the server says to accept, wherever it does."""
        values = [block.get("grpc-accept-encoding", "") for block in self.blocks]
        return [name.strip() for value in values for name in value.split(",") if name.strip()]

    def expect_code(self, code: Code, what: str) -> None:
        """Expects how the call ended."""
        last = self.blocks[-1] if self.blocks else {}
        if "grpc-status" not in last and self.reset is not None:
            stands_for = _RESETS.get(ErrorCodes(self.reset), Code.INTERNAL)
            return expect.equal(stands_for.name, code.name, f"what the reset of {what} stands for")
        given = last.get("grpc-status", "")
        name = Code(int(given)).name if given.isdecimal() and int(given) <= 16 else f"{given!r}"
        return expect.equal(name, code.name, f"status of {what} ({last.get('grpc-message', '')!r})")


async def call(
    cell: Cell,
    path: str,
    messages: Iterable[Message],
    metadata: Pairs = (),
    directive: session_pb2.Directive | None = None,
) -> Answer:
    """Calls a method of the cell's server in the permutation's own store, to its end.

    Mismatch where the connection ends before the call does.
    """
    reader, writer = await connect(cell)
    http = H2Connection(H2Configuration(client_side=True, header_encoding="latin-1"))
    try:
        http.initiate_connection()
        http.send_headers(_STREAM, [*request_headers(cell, path, directive), *metadata])
        _send(http, b"".join(PREFIX.pack(m.compressed, len(m.data)) + m.data for m in messages))
        answer = Answer()
        ended = False
        while not ended:
            writer.write(http.data_to_send())
            chunk = await reader.read(_CHUNK_BYTES)
            if not chunk:
                raise expect.Mismatch(f"{path}: expected a status, got the connection's end")
            for event in http.receive_data(chunk):
                ended |= _take(http, answer, event)
        return answer
    finally:
        with contextlib.suppress(OSError):
            writer.transport.abort()


async def connect(cell: Cell) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the cell's server, secured as the cell is."""
    endpoint = cell.endpoint
    if cell.config.security is Security.PLAINTEXT:
        return await asyncio.open_connection(endpoint.host, endpoint.port)
    return await asyncio.open_connection(
        endpoint.host, endpoint.port, ssl=to_server(cell), server_hostname="localhost"
    )


def request_headers(
    cell: Cell, path: str, directive: session_pb2.Directive | None = None
) -> list[tuple[str, str]]:
    """What a call of a method in the permutation's own store begins with."""
    own = session_pb2.Directive()
    if directive is not None:
        own.CopyFrom(directive)
    own.store = cell.store
    return [
        (":method", "POST"),
        (":scheme", "http" if cell.config.security is Security.PLAINTEXT else "https"),
        (":path", path),
        (":authority", "localhost"),
        ("te", "trailers"),
        ("content-type", "application/grpc"),
        (DIRECTIVE, base64.b64encode(own.SerializeToString()).decode("ascii")),
    ]


def _send(http: H2Connection, body: bytes) -> None:
    if len(body) > _MOST_BYTES:
        raise ValueError(f"requests of {len(body)} bytes, expected at most {_MOST_BYTES}")
    for start in range(0, len(body), _FRAME_BYTES):
        http.send_data(_STREAM, body[start : start + _FRAME_BYTES])
    http.end_stream(_STREAM)


def _take(http: H2Connection, answer: Answer, event: Event) -> bool:
    """Takes in what came; whether it is the call's end."""
    if isinstance(event, ResponseReceived | TrailersReceived):
        answer.blocks.append({str(name): str(value) for name, value in event.headers})
    elif isinstance(event, DataReceived):
        answer.add(event.data)
        http.acknowledge_received_data(event.flow_controlled_length, _STREAM)
    elif isinstance(event, StreamReset):
        answer.reset = event.error_code
    return isinstance(event, StreamEnded | StreamReset)
