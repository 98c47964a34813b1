"""The client of frames: what it makes of a server's answers, against one that answers as it is told."""

import asyncio
import base64
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any, Final

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived, StreamEnded
from h2.exceptions import FlowControlError, ProtocolError
from h2.settings import SettingCodes, Settings

from conformance.runner.cell import Cell
from conformance.runner.config import PLAINTEXT
from conformance.runner.ends import Endpoint
from conformance.runner.expect import Mismatch
from conformance.runner.transcript import DIRECTIVE
from conformance.stock import http2
from conformance.stock.wire import Message
from proto import session_pb2

HEAD: Final = [(":status", "200"), ("content-type", "application/grpc")]
FRAME_BYTES: Final = 16_384


class Call:
    """A call, as its server has it."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.data = bytearray()


# What a server does at the head of a call.
Behaviour = Callable[[H2Connection, int], None]


def _answers(state: H2Connection, number: int) -> None:
    state.send_headers(number, HEAD)
    state.send_headers(number, [("grpc-status", "8")], end_stream=True)


def _is_no_grpc(state: H2Connection, number: int) -> None:
    state.send_headers(number, [(":status", "431")], end_stream=True)


def _resets(state: H2Connection, number: int) -> None:
    state.reset_stream(number, ErrorCodes.REFUSED_STREAM)


def _goes_away(state: H2Connection, number: int) -> None:
    state.close_connection(ErrorCodes.ENHANCE_YOUR_CALM, b"too_many_pings")


def _hangs_up(state: H2Connection, number: int) -> None:
    raise ProtocolError("enough")


AT_HEAD: dict[str, Behaviour] = {
    "/answers": _answers,
    "/is/no/grpc": _is_no_grpc,
    "/resets": _resets,
    "/goes/away": _goes_away,
    "/hangs/up": _hangs_up,
}


def _echo(state: H2Connection, number: int, call: Call) -> None:
    """What the server does at the end of the requests of /echoes."""
    state.send_headers(number, [*HEAD, *((f"x-{k}", v) for k, v in call.headers.items())])
    for start in range(0, len(call.data), FRAME_BYTES):
        state.send_data(number, bytes(call.data[start : start + FRAME_BYTES]))
    state.send_headers(number, [("grpc-status", "0")], end_stream=True)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    state = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
    limits = {SettingCodes.MAX_CONCURRENT_STREAMS: 2}
    state.local_settings = Settings(client=False, initial_values=limits)
    state.initiate_connection()
    writer.write(state.data_to_send())
    calls: defaultdict[int, Call] = defaultdict(Call)
    # It does not bear what it has forbidden, and nothing after it went away.
    with suppress(ProtocolError, OSError):
        while chunk := await reader.read(65_536):
            for event in state.receive_data(chunk):
                match event:
                    case RequestReceived(stream_id=number):
                        headers = {str(k).lstrip(":"): str(v) for k, v in event.headers}
                        calls[number].headers = headers
                        if headers["path"] in AT_HEAD:
                            AT_HEAD[headers["path"]](state, number)
                    case DataReceived(stream_id=number):
                        calls[number].data += event.data
                    case StreamEnded(stream_id=number) if number in calls:
                        if calls[number].headers["path"] == "/echoes":
                            _echo(state, number, calls[number])
            writer.write(state.data_to_send())
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def serving() -> AsyncIterator[Cell]:
    """What a case is given, of that server."""
    connections: list[asyncio.Task[None]] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(asyncio.ensure_future(_serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server, asyncio.timeout(10):
        endpoint = Endpoint("127.0.0.1", server.sockets[0].getsockname()[1], 1)
        cell: Any = SimpleNamespace(
            store="s", config=PLAINTEXT, endpoint=endpoint, note=lambda text: None
        )
        yield cell
        await asyncio.gather(*connections)


@asynccontextmanager
async def connected() -> AsyncIterator[http2.Connection]:
    """A connection to the server."""
    async with serving() as cell, http2.connect(cell) as connection:
        yield connection


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/answers", "RESOURCE_EXHAUSTED"),
        ("/is/no/grpc", "HTTP 431"),
        ("/resets", "RST_STREAM REFUSED_STREAM"),
    ],
)
async def test_how_a_call_ends(path: str, outcome: str) -> None:
    async with connected() as connection:
        answer = connection.start(path)
        await connection.end(answer)
        assert answer.outcome == outcome


async def test_a_refusal_is_a_reset() -> None:
    async with connected() as connection:
        assert await connection.refuses(connection.start("/resets"))
        with pytest.raises(Mismatch, match="RESOURCE_EXHAUSTED"):
            await connection.refuses(connection.start("/answers"))
        assert not await connection.refuses(connection.start("/goes/away"))


async def test_more_streams_than_allowed_can_be_opened() -> None:
    async with connected() as connection:
        assert await connection.most_streams() == 2
        for _ in range(3):
            connection.start("/echoes")
        assert not await connection.ping()


async def test_settings_are_known_before_what_is_held_to_them() -> None:
    async with connected() as connection:
        await connection.settle()
        assert await connection.most_streams() == 2


async def test_a_ping_is_answered_until_the_server_goes_away() -> None:
    async with connected() as connection:
        assert await connection.ping()
        connection.start("/goes/away")
        while await connection.ping():
            pass
        assert connection.goaway == http2.Goaway("ENHANCE_YOUR_CALM", b"too_many_pings")


async def test_what_is_sent_in_a_call() -> None:
    requests = [Message(True, b"first"), Message(False, bytes(40_000))]
    directive = session_pb2.Directive(compress=True)
    async with serving() as cell:
        answer = await http2.call(cell, "/echoes", requests, [("said", "a")], directive)
    assert answer.outcome == "OK"
    assert answer.messages == requests
    assert answer.headers["x-said"] == "a"
    told = base64.b64decode(answer.headers[f"x-{DIRECTIVE}"])
    assert session_pb2.Directive.FromString(told) == session_pb2.Directive(store="s", compress=True)


async def test_calls_of_a_connection_are_told_apart() -> None:
    async with connected() as connection:
        answers = [connection.start("/echoes"), connection.start("/echoes")]
        for number, answer in reversed([*enumerate(answers)]):
            connection.finish(answer, Message(False, bytes(number + 1)))
        for number, answer in enumerate(answers):
            await connection.end(answer)
            assert answer.messages == [Message(False, bytes(number + 1))]


async def test_the_end_of_a_connection_is_no_end_of_a_call() -> None:
    async with serving() as cell:
        with pytest.raises(Mismatch, match="expected a status of /hangs/up"):
            await http2.call(cell, "/hangs/up", [])


async def test_requests_wait_for_no_window() -> None:
    async with connected() as connection:
        answer = connection.start("/echoes")
        with pytest.raises(FlowControlError):
            connection.finish(answer, Message(False, bytes(70_000)))
