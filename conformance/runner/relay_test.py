"""Relays: what they carry, over what, and that they leave nothing open."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator

import pytest

from conformance.certs.authority import mint
from conformance.certs.contexts import client_context, server_context
from conformance.runner.ends import Endpoint
from conformance.runner.relay import Legs, Relay, Transform

AUTHORITY = mint("p256")
SERVER = server_context(AUTHORITY.issue())
CLIENT = client_context(AUTHORITY.roots_pem)
STRANGER = client_context(AUTHORITY.another().roots_pem)


@contextlib.asynccontextmanager
async def echo(context: ssl.SSLContext | None = None) -> AsyncIterator[Endpoint]:
    """A server that sends back what it gets, until it gets the end."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            while chunk := await reader.read(1 << 16):
                writer.write(chunk)
                await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield Endpoint("127.0.0.1", server.sockets[0].getsockname()[1], 7)
    finally:
        server.close()


async def ask(endpoint: Endpoint, data: bytes, context: ssl.SSLContext | None = None) -> bytes:
    """What comes back of the data: less where the connection is closed before."""
    name = "localhost" if context else None
    reader, writer = await asyncio.open_connection(
        endpoint.host, endpoint.port, ssl=context, server_hostname=name
    )
    try:
        writer.write(data)
        return await reader.readexactly(len(data))
    except asyncio.IncompleteReadError as cut:
        return cut.partial
    except OSError:
        return b""
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("to_client", [None, SERVER], ids=["plaintext", "tls"])
@pytest.mark.parametrize("to_server", [None, CLIENT], ids=["plaintext", "tls"])
def test_both_ways_over_either(
    to_client: ssl.SSLContext | None, to_server: ssl.SSLContext | None
) -> None:
    async def conduct() -> None:
        async with (
            echo(SERVER if to_server else None) as server,
            Relay(server, Legs(to_client, to_server)) as relay,
        ):
            assert (relay.endpoint.host, relay.endpoint.listener) == ("127.0.0.1", 7)
            data = bytes(1 << 20)
            assert await ask(relay.endpoint, data, CLIENT if to_client else None) == data

    asyncio.run(conduct())


def test_a_server_that_is_refused_closes_the_client() -> None:
    async def conduct() -> None:
        async with echo(SERVER) as server, Relay(server, Legs(None, STRANGER)) as relay:
            assert await asyncio.wait_for(ask(relay.endpoint, b"data"), 10) == b""

    asyncio.run(conduct())


def test_a_client_that_refuses_is_told_of() -> None:
    async def conduct() -> None:
        async with echo() as server, Relay(server, Legs(SERVER)) as relay:
            with pytest.raises(ssl.SSLCertVerificationError):
                await ask(relay.endpoint, b"data", STRANGER)
            assert await ask(relay.endpoint, b"data", CLIENT) == b"data"

    asyncio.run(conduct())


def test_its_end_closes_what_is_open() -> None:
    async def conduct() -> None:
        async with echo() as server:
            async with Relay(server, Legs()) as relay:
                to = relay.endpoint
                reader, writer = await asyncio.open_connection(to.host, to.port)
                writer.write(b"data")
                assert await reader.readexactly(4) == b"data"
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 10) == b""
            writer.transport.abort()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(to.host, to.port)

    asyncio.run(conduct())


class Shouting(Relay):
    """Carries requests in capitals, and answers with a mark."""

    def transforms(self) -> tuple[Transform, Transform]:
        """What it makes of either."""
        return bytes.upper, lambda data: data.replace(b"A", b"!")


def test_what_it_carries_can_be_changed_on_the_way() -> None:
    async def conduct() -> None:
        async with echo() as server, Shouting(server, Legs()) as relay:
            assert await ask(relay.endpoint, b"data") == b"D!T!"

    asyncio.run(conduct())


def test_nobody_can_connect_to_a_bound_port_before_it_begins() -> None:
    async def conduct() -> None:
        bound = socket.socket()
        bound.bind(("127.0.0.1", 0))
        host, port = bound.getsockname()
        async with echo() as server:
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(host, port)
            async with Relay(server, Legs(), bound=bound) as relay:
                assert (relay.endpoint.host, relay.endpoint.port) == (host, port)
                assert await ask(relay.endpoint, b"data") == b"data"
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(host, port)

    asyncio.run(conduct())
