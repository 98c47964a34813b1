"""The client of frames: what it makes of a server's answers, against one that answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import RequestReceived
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from conformance.runner.config import PLAINTEXT
from conformance.runner.ends import Endpoint
from conformance.stock import http2
from proto import stock_pb2

# What a server does at the head of a call, by its path.
Answer = Callable[[H2Connection, int], None]

HEAD = [(":status", "200"), ("content-type", "application/grpc")]


def _answers(state: H2Connection, number: int) -> None:
    state.send_headers(number, HEAD)
    state.send_headers(number, [("grpc-status", "8")], end_stream=True)


def _is_no_grpc(state: H2Connection, number: int) -> None:
    state.send_headers(number, [(":status", "431")], end_stream=True)


def _resets(state: H2Connection, number: int) -> None:
    state.reset_stream(number, ErrorCodes.REFUSED_STREAM)


def _goes_away(state: H2Connection, number: int) -> None:
    state.close_connection(ErrorCodes.ENHANCE_YOUR_CALM, b"too_many_pings")


ANSWERS: dict[str, Answer] = {
    "/answers": _answers,
    "/is/no/grpc": _is_no_grpc,
    "/resets": _resets,
    "/goes/away": _goes_away,
}


def _path(request: RequestReceived) -> str:
    return next(str(value) for name, value in request.headers if str(name) == ":path")


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    state = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
    limits = {SettingCodes.MAX_CONCURRENT_STREAMS: 2}
    state.local_settings = Settings(client=False, initial_values=limits)
    state.initiate_connection()
    writer.write(state.data_to_send())
    # It does not bear what it has forbidden, and nothing after it went away.
    with suppress(ProtocolError):
        while chunk := await reader.read(65_536):
            for event in state.receive_data(chunk):
                if isinstance(event, RequestReceived):
                    ANSWERS[_path(event)](state, event.stream_id)
            writer.write(state.data_to_send())
    writer.close()


@asynccontextmanager
async def connected() -> AsyncIterator[http2.Connection]:
    """A connection to the server."""
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    async with server:
        endpoint = Endpoint("127.0.0.1", server.sockets[0].getsockname()[1], 1)
        cell: Any = SimpleNamespace(
            store="s", config=PLAINTEXT, endpoint=endpoint, note=lambda text: None
        )
        async with asyncio.timeout(10), http2.connect(cell) as connection:
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
        call = connection.start(path)
        assert await connection.end(call) == outcome


async def test_more_streams_than_allowed_can_be_opened() -> None:
    async with connected() as connection:
        assert await connection.most_streams() == 2
        for _ in range(3):
            connection.start("/answers")
        assert not await connection.ping()


async def test_a_ping_is_answered_until_the_server_goes_away() -> None:
    async with connected() as connection:
        assert await connection.ping()
        connection.start("/goes/away")
        while await connection.ping():
            pass
        assert connection.goaway == http2.Goaway("ENHANCE_YOUR_CALM", b"too_many_pings")


async def test_a_request_is_framed() -> None:
    request = stock_pb2.PutRequest(key="k")
    assert http2.framed(request) == b"\0\0\0\0\x03\x0a\x01k"
