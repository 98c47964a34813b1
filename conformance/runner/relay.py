"""Carries bytes between a client and a server, with TLS of its own towards either: a peer made of one."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, Self

from conformance.runner.ends import Endpoint

_HOST: Final = "127.0.0.1"
_CHUNK_BYTES: Final = 1 << 16

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

# Is given what a connection carries in one direction; what it gives back is carried on.
Transform = Callable[[bytes], bytes]


class Legs(NamedTuple):
    """How a relay speaks TLS towards either end; None is plaintext."""

    client: ssl.SSLContext | None = None
    server: ssl.SSLContext | None = None


class Relay:
    """Accepts connections at a loopback port of its own and carries each to one of the server's.

    Where a handshake fails at either end, both connections are closed. An async context manager:
    its end closes all connections.
    """

    def __init__(
        self,
        to: Endpoint,
        legs: Legs,
        server_name: str = "localhost",
        bound: socket.socket | None = None,
    ) -> None:
        """To a server, whose certificate is verified for `server_name`.

        `bound` is a socket that does not listen yet, for a port that is known before anybody can
        connect; it is the relay's to close.
        """
        self.to = to
        self._legs = legs
        self._server_name = server_name
        self._bound = bound
        self._server: asyncio.Server
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        where = {"host": _HOST, "port": 0} if self._bound is None else {"sock": self._bound}
        self._server = await asyncio.start_server(self._accept, ssl=self._legs.client, **where)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    @property
    def endpoint(self) -> Endpoint:
        """Where it accepts connections; the listener is the server's."""
        port: int = self._server.sockets[0].getsockname()[1]
        return Endpoint(_HOST, port, self.to.listener)

    # What other relays do otherwise.

    def admits(self, client: asyncio.StreamWriter) -> bool:
        """Whether a connection may come in."""
        return True

    async def connect(self) -> Connection:
        """A connection to the server. OSError where there is none."""
        name = self._server_name if self._legs.server else None
        return await asyncio.open_connection(
            self.to.host, self.to.port, ssl=self._legs.server, server_hostname=name
        )

    def transforms(self) -> tuple[Transform, Transform]:
        """Through what a new connection's bytes go: those to the server, and those to the client."""
        return bytes, bytes

    async def carry(self, client: Connection) -> None:
        """Connects to the server and carries. OSError where it cannot."""
        if self.admits(client[1]):
            await self.both_ways(client, await self.connect())

    async def both_ways(self, one: Connection, other: Connection) -> None:
        """Carries until either end is done; closes the other."""
        to_server, to_client = self.transforms()
        with aborting(other[1]):
            pumps = [
                asyncio.ensure_future(_pump(one[0], other[1], to_server)),
                asyncio.ensure_future(_pump(other[0], one[1], to_client)),
            ]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._carry((reader, writer)))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _carry(self, client: Connection) -> None:
        # What becomes of a connection is for the ends to tell.
        with aborting(client[1]), contextlib.suppress(OSError):
            await self.carry(client)


@contextlib.contextmanager
def aborting(writer: asyncio.StreamWriter) -> Iterator[None]:
    """Ends a connection without waiting for its peer's farewell, which asyncio would for half a minute.

    What the kernel had no room for is lost.
    """
    try:
        yield
    finally:
        writer.close()
        writer.transport.abort()


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, transform: Transform
) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(_CHUNK_BYTES):
            writer.write(transform(chunk))
            await writer.drain()
