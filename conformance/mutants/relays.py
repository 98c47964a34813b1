"""TLS of a mutant's own, where its library's cannot be made wrong: relays beside it, in one thread."""

import asyncio
import functools
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509

from conformance.certs.authority import Identity
from conformance.certs.contexts import client_context, server_context
from conformance.mutants.verifier import Fault, faults
from conformance.runner.ends import Endpoint
from conformance.runner.relay import Connection, Legs, Relay

# For a relay to begin and to end.
_SECONDS: Final = 10.0
# The first byte of a TLS connection: a record of a handshake (RFC 8446 section 5.1).
_HANDSHAKE: Final = b"\x16"


@dataclass(frozen=True, slots=True)
class Material:
    """What stands where the library's credentials would."""

    roots_pem: bytes | None
    identity: Identity | None


@dataclass(frozen=True, slots=True)
class Tls:
    """In what a relay's TLS is wrong."""

    # Which of a server's faults are overlooked.
    forgives: Callable[[x509.Certificate, str, set[Fault]], set[Fault]] = lambda *_: set()
    # What is done to the context.
    context: Callable[[ssl.SSLContext], Any] = lambda _: None
    needs_alpn: bool = True
    falls_back_to_plaintext: bool = False


class ClientRelay(Relay):
    """A client's TLS: it is called in plaintext, and verifies the server by itself."""

    def __init__(self, to: Endpoint, name: str, material: Material, wrong: Tls) -> None:
        assert material.roots_pem is not None
        context = client_context(material.roots_pem, material.identity)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        wrong.context(context)
        super().__init__(to, Legs(server=context), name)
        self._root = x509.load_pem_x509_certificate(material.roots_pem)
        self._name = name
        self._wrong = wrong

    async def connect(self) -> Connection:
        """Connects, and verifies."""
        try:
            connection = await super().connect()
        except ssl.SSLError:
            if not self._wrong.falls_back_to_plaintext:
                raise
            return await asyncio.open_connection(self.to.host, self.to.port)
        secured: ssl.SSLObject = connection[1].get_extra_info("ssl_object")
        presented = secured.getpeercert(binary_form=True)
        assert presented is not None
        leaf = x509.load_der_x509_certificate(presented)
        found = faults(leaf, self._root, self._name)
        left = found - self._wrong.forgives(leaf, self._name, found)
        if left or (self._wrong.needs_alpn and secured.selected_alpn_protocol() != "h2"):
            connection[1].transport.abort()
            raise ConnectionAbortedError(f"refused: {left}")
        return connection


class ServerRelay(Relay):
    """A server's TLS, before a listener in plaintext."""

    def __init__(self, to: Endpoint, material: Material, wrong: Tls) -> None:
        assert material.identity is not None
        context = server_context(material.identity)
        if material.roots_pem is not None:
            context.load_verify_locations(cadata=material.roots_pem.decode("ascii"))
            context.verify_mode = ssl.CERT_REQUIRED
        wrong.context(context)
        super().__init__(to, Legs(client=context))
        self._wrong = wrong

    def admits(self, client: asyncio.StreamWriter) -> bool:
        """Whether the client has offered HTTP/2."""
        secured: ssl.SSLObject = client.get_extra_info("ssl_object")
        return not self._wrong.needs_alpn or secured.selected_alpn_protocol() == "h2"


class SniffingRelay(Relay):
    """Leads connections in plaintext to one listener, and those in TLS to another."""

    def __init__(self, secured: Endpoint, plaintext: Endpoint) -> None:
        super().__init__(secured, Legs())
        self._plaintext = plaintext

    async def carry(self, client: Connection) -> None:
        """Looks at the first byte, and hands it on."""
        first = await client[0].read(1)
        if first:
            to = self.to if first == _HANDSHAKE else self._plaintext
            server = await asyncio.open_connection(to.host, to.port)
            server[1].write(first)
            await self.both_ways(client, server)


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """The thread's loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


def begin(relay: Relay) -> Endpoint:
    """Opens a relay; where it accepts connections."""
    asyncio.run_coroutine_threadsafe(relay.__aenter__(), _loop()).result(_SECONDS)
    return relay.endpoint


def end(relay: Relay) -> None:
    """Closes a relay and its connections."""
    asyncio.run_coroutine_threadsafe(relay.__aexit__(), _loop()).result(_SECONDS)
