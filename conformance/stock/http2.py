"""The runner's own HTTP/2 client, for connections that no library would use so: many calls, pings, too much."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from google.protobuf.message import Message
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
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
from conformance.runner.status_code import code_name
from conformance.stock import raw_client
from conformance.stock.raw_client import request_headers
from conformance.stock.wire import PREFIX, Pairs

_CHUNK_BYTES: Final = 1 << 16
_PING: Final = b"stock!!!"


class Goaway(NamedTuple):
    """What a server has ended a connection with."""

    code: str
    debug: bytes


@dataclass(slots=True)
class _Stream:
    """What came of a call."""

    # The last value of each name, initial and trailing metadata together.
    headers: dict[str, str] = field(default_factory=dict)
    ended: bool = False
    reset: str = ""

    @property
    def outcome(self) -> str:
        """The name of its status, else what HTTP/2 says of its end; empty while it is open."""
        if (code := self.headers.get("grpc-status")) and (self.ended or self.reset):
            return code_name(int(code))
        if self.reset:
            return f"RST_STREAM {self.reset}"
        return f"HTTP {self.headers.get(':status')}" if self.ended else ""


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
        self._state = H2Connection(H2Configuration(header_encoding="utf-8"))
        self._state.initiate_connection()
        self._streams: dict[int, _Stream] = {}
        self._settings: dict[int, int] = {}
        self._settled = False
        self._acknowledged = 0
        self._goaway: Goaway | None = None
        self._closed = False
        self._flushing = False
        self._changed = asyncio.Event()

    # What a case does.

    async def most_streams(self) -> int | None:
        """How many streams the server allows at once; None where it sets no limit.

        From then on as many may be opened as one likes.
        """
        await self._until(lambda: self._settled, "SETTINGS")
        self._state.remote_settings.max_concurrent_streams = 2**31 - 1
        self._state.remote_settings.acknowledge()
        return self._settings.get(SettingCodes.MAX_CONCURRENT_STREAMS)

    def start(self, path: str, metadata: Pairs = ()) -> int:
        """Sends the head of a call on the permutation's store; its stream's number."""
        number: int = self._state.get_next_available_stream_id()
        self._streams[number] = _Stream()
        head = request_headers(self._cell, path)
        self._state.send_headers(number, [*head, *metadata])
        self._flush()
        return number

    def finish(self, number: int, request: Message) -> None:
        """Sends the only request of a call."""
        self._state.send_data(number, framed(request), end_stream=True)
        self._flush()

    async def end(self, number: int) -> str:
        """How a call ends: the name of its status, `RST_STREAM code` or `HTTP status`."""
        stream = self._streams[number]
        await self._until(lambda: bool(stream.outcome), "the end of a call")
        return stream.outcome

    async def refuses(self, number: int) -> bool:
        """Whether the server ends a call with a reset; not where it ends the connection with it."""
        stream = self._streams[number]
        await self._wait(lambda: self._ending or bool(stream.outcome))
        if stream.outcome and not stream.reset:
            raise expect.fail("end of a call", "RST_STREAM", stream.outcome)
        return bool(stream.reset)

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
                self._streams[event.stream_id].headers.update(
                    (str(name), str(value)) for name, value in event.headers
                )
            case DataReceived():
                self._state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case StreamEnded():
                self._streams[event.stream_id].ended = True
            case StreamReset():
                self._streams[event.stream_id].reset = _named(event.error_code)
            case PingAckReceived():
                self._acknowledged += 1
            case RemoteSettingsChanged():
                changed = event.changed_settings
                self._settings |= {code: changed[code].new_value for code in changed}
                self._settled = True
            case ConnectionTerminated():
                goaway = Goaway(_named(event.error_code), event.additional_data or b"")
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


def framed(request: Message) -> bytes:
    """A message as it stands in a call's data: not compressed, and its length before it."""
    message = request.SerializeToString()
    return PREFIX.pack(False, len(message)) + message


def _named(code: ErrorCodes | int | None) -> str:
    return code.name if isinstance(code, ErrorCodes) else str(code)


@contextlib.asynccontextmanager
async def connect(cell: Cell) -> AsyncIterator[Connection]:
    """A connection to the cell's server, secured as the cell is."""
    reader, writer = await raw_client.connect(cell)
    connection = Connection(cell, reader, writer)
    reading = asyncio.ensure_future(connection.read())
    try:
        yield connection
    finally:
        reading.cancel()
        writer.close()
        writer.transport.abort()
        await asyncio.gather(reading, return_exceptions=True)
