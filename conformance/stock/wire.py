"""What went over a connection: its HTTP/2 frames, read for the headers and messages of each call.

Libraries hide from their callers whether a message was compressed; the bytes do not.
"""

import contextlib
import struct
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Final, NamedTuple

from google.protobuf.message import Message as Protobuf
from hpack import Decoder, HPACKError
from hyperframe.exceptions import HyperframeError
from hyperframe.frame import ContinuationFrame, DataFrame, Frame, HeadersFrame

from conformance.runner import expect
from conformance.runner.cell import Cell
from conformance.runner.relay import Legs, Relay, Transform

# What a client sends before its first frame (RFC 9113 section 3.4).
_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_FRAME_HEADER: Final = 9
# More than any peer makes its table of header fields.
_TABLE_BYTES: Final = 1 << 20

# Length-Prefixed-Message (PROTOCOL-HTTP2.md): Compressed-Flag, Message-Length.
_PREFIX: Final = struct.Struct(">?I")

# Request metadata by which a call is found again.
_NAME: Final = "x-call"

Pairs = Sequence[tuple[str, str]]


class Message(NamedTuple):
    """A message as it is sent."""

    compressed: bool
    data: bytes

    @property
    def framed(self) -> bytes:
        """As it stands in the data of a call."""
        return _PREFIX.pack(self.compressed, len(self.data)) + self.data


def plain(message: Protobuf) -> Message:
    """A message that is sent as it is."""
    return Message(False, message.SerializeToString())


class Sent:
    """What one end of a call has sent."""

    def __init__(self) -> None:
        # Request headers or initial metadata, then trailers; of each block its own.
        self.blocks: list[dict[str, str]] = []
        self.messages: list[Message] = []
        self._rest = bytearray()

    @property
    def headers(self) -> dict[str, str]:
        """The first block; nothing where none came."""
        return self.blocks[0] if self.blocks else {}

    @property
    def encoding(self) -> str:
        """What `grpc-encoding` says: `identity` where it says nothing."""
        return self.headers.get("grpc-encoding", "identity")

    def add(self, data: bytes) -> None:
        """Takes in what frames of data carry."""
        self._rest += data
        while len(self._rest) >= _PREFIX.size:
            compressed, size = _PREFIX.unpack_from(self._rest)
            end = _PREFIX.size + size
            if len(self._rest) < end:
                return
            self.messages.append(Message(compressed, bytes(self._rest[_PREFIX.size : end])))
            del self._rest[:end]


class Flow:
    """One direction of a connection."""

    def __init__(self, preface: bytes = b"") -> None:
        self.calls: defaultdict[int, Sent] = defaultdict(Sent)
        # Why nothing more could be read; empty where all was.
        self.fault = ""
        self._preface = len(preface)
        self._rest = bytearray()
        self._block = bytearray()
        self._decoder = Decoder()
        self._decoder.max_allowed_table_size = _TABLE_BYTES

    def read(self, data: bytes) -> bytes:
        """Takes in bytes of the connection, and gives them back."""
        if not self.fault:
            self._rest += data
            try:
                while (frame := self._next()) is not None:
                    self._take(frame)
            except (HyperframeError, HPACKError) as error:
                self.fault = f"{type(error).__name__}: {error}"
        return data

    def _next(self) -> Frame | None:
        if self._preface:
            if len(self._rest) < self._preface:
                return None
            del self._rest[: self._preface]
            self._preface = 0
        if len(self._rest) < _FRAME_HEADER:
            return None
        frame, size = Frame.parse_frame_header(memoryview(bytes(self._rest[:_FRAME_HEADER])))
        end = _FRAME_HEADER + size
        if len(self._rest) < end:
            return None
        frame.parse_body(memoryview(bytes(self._rest[_FRAME_HEADER:end])))
        del self._rest[:end]
        return frame

    def _take(self, frame: Frame) -> None:
        if isinstance(frame, DataFrame):
            self.calls[frame.stream_id].add(frame.data)
        elif isinstance(frame, HeadersFrame | ContinuationFrame):
            self._block += frame.data
            if "END_HEADERS" in frame.flags:
                fields = self._decoder.decode(bytes(self._block), raw=True)
                text = {name.decode("latin-1"): value.decode("latin-1") for name, value in fields}
                self.calls[frame.stream_id].blocks.append(text)
                self._block.clear()


class Exchange(NamedTuple):
    """What both ends of a call have sent."""

    requests: Sent
    responses: Sent


class Tap(Relay):
    """A relay between a plaintext cell's client and its server that reads what it carries."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell.endpoint, Legs())
        self._connections: list[tuple[Flow, Flow]] = []

    def transforms(self) -> tuple[Transform, Transform]:
        """Reads both directions of each connection."""
        flows = Flow(_PREFACE), Flow()
        self._connections.append(flows)
        return flows[0].read, flows[1].read

    def exchange(self, name: str) -> Exchange:
        """The call that was started with the metadata of `named`; Mismatch where there is none."""
        for requests, responses in self._connections:
            for fault in filter(None, (requests.fault, responses.fault)):
                raise expect.Mismatch(f"expected HTTP/2 on the wire, got {fault}")
            for number, sent in requests.calls.items():
                if sent.headers.get(_NAME) == name:
                    return Exchange(sent, responses.calls[number])
        raise expect.Mismatch(f"expected a call with {_NAME}: {name} on the wire, got none")


def named(name: str) -> Pairs:
    """Request metadata by which a call is found on the wire."""
    return ((_NAME, name),)


@contextlib.asynccontextmanager
async def tapped(cell: Cell) -> AsyncIterator[tuple[Tap, int]]:
    """A tap, and a channel of the cell's client through it to the cell's own listener."""
    async with Tap(cell) as tap:
        channel = cell.open_channel(port=tap.endpoint.port)
        try:
            yield tap, channel
        finally:
            cell.close_channel(channel)
