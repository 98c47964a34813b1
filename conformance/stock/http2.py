"""The runner's own HTTP/2 client: for what no gRPC library would send, and for what none would show."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Final, NamedTuple

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    PingAckReceived,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes

from conformance.runner import expect
from conformance.runner.cell import Cell
from conformance.runner.config import Security
from conformance.runner.relay import aborting
from conformance.runner.transcript import DIRECTIVE
from conformance.stock.answer import Answer, reason
from conformance.stock.contexts import to_server
from conformance.stock.wire import Message, Pairs
from proto import session_pb2

_CHUNK_BYTES: Final = 1 << 16
_PING: Final = b"stock!!!"


class Goaway(NamedTuple):
    """What a server has ended a connection with."""

    code: str
    debug: bytes


class Connection:
    """A connection from `connect`. Each wait ends with the case's deadline at the latest.

    It fails with Mismatch where the connection ends without what is awaited.
    """

    def __init__(
        self, cell: Cell, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._cell = cell
        self._reader = reader
        self._writer = writer
        # Latin-1: whatever bytes a server makes of its headers are text in it.
        self._state = H2Connection(H2Configuration(header_encoding="latin-1"))
        self._state.initiate_connection()
        self._answers: dict[int, Answer] = {}
        self._settings: dict[int, int] = {}
        self._settled = False
        self._acknowledged = 0
        self._goaway: Goaway | None = None
        self._closed = False
        self._flushing = False
        self._changed = asyncio.Event()

    # What a case does.

    async def settle(self) -> None:
        """Waits for the server's SETTINGS: it may hold to them what is sent from then on.

        What was sent before it need not (RFC 9113 section 6.5.3), and some libraries do not.
        """
        await self._until(lambda: self._settled, "SETTINGS")

    async def most_streams(self) -> int | None:
        """How many streams the server allows at once; None where it sets no limit.

        From then on as many may be opened as one likes.
        """
        await self.settle()
        self._state.remote_settings.max_concurrent_streams = 2**31 - 1
        self._state.remote_settings.acknowledge()
        return self._settings.get(SettingCodes.MAX_CONCURRENT_STREAMS)

    def start(
        self, path: str, metadata: Pairs = (), directive: session_pb2.Directive | None = None
    ) -> Answer:
        """Sends the head of a call in the permutation's store; what will come of it."""
        answer = Answer(self._state.get_next_available_stream_id(), path)
        self._answers[answer.stream] = answer
        head = _request_headers(self._cell, path, directive)
        self._state.send_headers(answer.stream, [*head, *metadata])
        self._flush()
        return answer

    def finish(self, answer: Answer, *requests: Message) -> None:
        """Sends the requests of a call, which are all.

        FlowControlError where they are more than the server has given room for by now: 64 KiB of a
        connection's first requests.
        """
        body = b"".join(request.framed for request in requests)
        most = self._state.max_outbound_frame_size
        for start in range(0, len(body), most):
            self._state.send_data(answer.stream, body[start : start + most])
        self._state.end_stream(answer.stream)
        self._flush()

    async def end(self, answer: Answer) -> None:
        """Waits for the end of a call."""
        await self._until(lambda: answer.over, f"a status of {answer.path}")

    async def refuses(self, answer: Answer) -> bool:
        """Whether the server ends a call with a reset; not where it ends the connection with it."""
        await self._wait(lambda: self._ending or answer.over)
        if answer.over and answer.reset is None:
            raise expect.fail("end of a call", "RST_STREAM", answer.outcome)
        return answer.reset is not None

    async def ping(self) -> bool:
        """Sends a PING; whether it was acknowledged, not answered by the connection's end.

        What was sent before it has been processed then.
        """
        expected = self._acknowledged + 1
        if not self._ending:
            self._state.ping(_PING)
            self._flush()
        await self._wait(lambda: self._ending or self._acknowledged >= expected)
        return self._acknowledged >= expected

    @property
    def goaway(self) -> Goaway | None:
        """What the server has ended the connection with; None where it has not, or without a word."""
        return self._goaway

    # What comes from the server.

    async def read(self) -> None:
        """Takes in what comes, to the connection's end."""
        self._flush()
        try:
            while chunk := await self._reader.read(_CHUNK_BYTES):
                for event in self._state.receive_data(chunk):
                    self._take(event)
                self._flush()
                self._changed.set()
        except (OSError, ProtocolError) as error:
            # h2 takes nothing any more after a GOAWAY.
            self._cell.note(f"the connection ended: {error}")
        finally:
            self._closed = True
            self._changed.set()

    def _take(self, event: Event) -> None:
        match event:
            case ResponseReceived() | TrailersReceived():
                block = {str(name): str(value) for name, value in event.headers}
                self._answers[event.stream_id].blocks.append(block)
            case DataReceived():
                self._answers[event.stream_id].add(event.data)
                self._state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case StreamEnded():
                self._answers[event.stream_id].ended = True
            case StreamReset():
                self._answers[event.stream_id].reset = event.error_code
            case PingAckReceived():
                self._acknowledged += 1
            case RemoteSettingsChanged():
                changed = event.changed_settings
                self._settings |= {code: changed[code].new_value for code in changed}
                self._settled = True
            case ConnectionTerminated():
                goaway = Goaway(reason(event.error_code), event.additional_data or b"")
                self._cell.note(f"GOAWAY {goaway.code} {goaway.debug!r}")
                # A library may add one of its own when it closes the connection.
                self._goaway = self._goaway or goaway

    @property
    def _ending(self) -> bool:
        return self._closed or self._goaway is not None

    async def _until(self, done: Callable[[], bool], what: str) -> None:
        await self._wait(lambda: done() or self._closed)
        if not done():
            raise expect.Mismatch(f"expected {what}, got the end of the connection")

    async def _wait(self, done: Callable[[], bool]) -> None:
        while not done():
            self._changed.clear()
            await self._changed.wait()

    def _flush(self) -> None:
        """Sends what there is to send at the end of this turn of the loop, all at once."""
        if not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        self._flushing = False
        if not self._closed and (data := self._state.data_to_send()):
            self._writer.write(data)


@contextlib.asynccontextmanager
async def connect(cell: Cell) -> AsyncIterator[Connection]:
    """A connection to the cell's server, secured as the cell is."""
    endpoint = cell.endpoint
    secured = cell.config.security is not Security.PLAINTEXT
    reader, writer = await asyncio.open_connection(
        endpoint.host,
        endpoint.port,
        ssl=to_server(cell) if secured else None,
        server_hostname="localhost" if secured else None,
    )
    connection = Connection(cell, reader, writer)
    reading = asyncio.ensure_future(connection.read())
    try:
        with aborting(writer):
            yield connection
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def call(
    cell: Cell,
    path: str,
    requests: Iterable[Message],
    metadata: Pairs = (),
    directive: session_pb2.Directive | None = None,
) -> Answer:
    """Calls a method of the cell's server on a connection of the call's own, to its end.

    Mismatch where the connection ends before the call does.
    """
    async with connect(cell) as connection:
        answer = connection.start(path, metadata, directive)
        connection.finish(answer, *requests)
        await connection.end(answer)
        return answer


def _request_headers(
    cell: Cell, path: str, directive: session_pb2.Directive | None
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
