"""Suite refusals: connections that must not come about, and no request with them.

Each refused call must end with UNAVAILABLE within two seconds, without a deadline of its own (the
quickest of three where the first is late), and the server must not have seen it: not in its store,
and not among its observations.
"""

import functools
import ssl

from conformance.certs.contexts import only_tls_1_1
from conformance.certs.wrong import Wrong
from conformance.runner.case import Scope, case
from conformance.runner.cell import Cell
from conformance.runner.config import Security
from conformance.runner.relay import Legs, Relay
from conformance.runner.rpc import Rpc
from conformance.stock.contexts import to_client, to_server
from conformance.stock.refused import (
    BROKEN,
    NO_HTTP2,
    UNFIT,
    expect_call_of_runner,
    expect_refused,
    expect_refused_to_runner,
    expect_unseen,
    expect_unseen_by_runner,
)

# Seconds. Handshakes by the dozen, of any key type, take their time on a busy machine.
DEADLINE = 30.0

WITH_TLS = (Security.TLS, Security.MTLS)
MTLS = (Security.MTLS,)
refusal = functools.partial(case, covers=(Rpc.PUT, Rpc.INVENTORY), deadline=DEADLINE)


# What a client must refuse.


async def _expect_server_refused(cell: Cell, kind: Wrong, server_name: str = "localhost") -> None:
    """Expects the client to refuse a server whose identity is wrong."""
    identity = await cell.material.wrong.identity(kind)
    listener = await cell.listen(identity=identity)
    await expect_refused(cell, port=listener.port, server_name=server_name)
    await expect_unseen(cell, listener)


@refusal(clause="RFC 5280: 6.1", securities=WITH_TLS, core=True)
async def refuses_unknown_ca(cell: Cell) -> None:
    """A client refuses a server of an authority it does not trust, though its name is the trusted one's."""
    await _expect_server_refused(cell, Wrong.FOREIGN)


@refusal(clause="RFC 5280: 6.1.3", securities=WITH_TLS)
async def refuses_expired_server(cell: Cell) -> None:
    """A client refuses a server whose certificate ended an hour ago."""
    await _expect_server_refused(cell, Wrong.EXPIRED)


@refusal(clause="RFC 5280: 6.1.3", securities=WITH_TLS)
async def refuses_not_yet_valid_server(cell: Cell) -> None:
    """A client refuses a server whose certificate begins in an hour."""
    await _expect_server_refused(cell, Wrong.NOT_YET_VALID)


@refusal(clause="RFC 9525: 6.3", securities=WITH_TLS)
async def refuses_wrong_name(cell: Cell) -> None:
    """A client refuses a server whose certificate is for another name."""
    await _expect_server_refused(cell, Wrong.NAME)


@refusal(clause="RFC 9525: 6.4", securities=WITH_TLS)
async def refuses_wrong_address(cell: Cell) -> None:
    """A client that dials an address refuses a certificate that has only a name."""
    await _expect_server_refused(cell, Wrong.ADDRESS, server_name="")


@refusal(clause="RFC 9525: 2", securities=WITH_TLS)
async def refuses_no_san(cell: Cell) -> None:
    """A client refuses a certificate without alternative names: a subject's common name is no name."""
    await _expect_server_refused(cell, Wrong.NO_NAMES)


@refusal(clause="RFC 5280: 4.2.1.12", securities=WITH_TLS)
async def refuses_client_only_server(cell: Cell) -> None:
    """A client refuses a server whose certificate may be used for clients only."""
    await _expect_server_refused(cell, Wrong.CLIENT_ONLY)


@refusal(clause="service.md: TLS", securities=WITH_TLS)
async def refuses_plaintext_server(cell: Cell) -> None:
    """A client with TLS does not speak to a server without."""
    listener = await cell.listen(security=Security.PLAINTEXT)
    await expect_refused(cell, port=listener.port)
    await expect_unseen(cell, listener)


# On the way to the server is a relay, which ends the TLS of either end and begins its own towards the
# other; the right one is taken, so that the wrong one is refused for the one thing it differs in.


async def _expect_relay_refused(cell: Cell, wrong: ssl.SSLContext) -> None:
    """Expects the client to refuse a relay that shows it a wrong side."""
    listener = await cell.listen()
    onward = to_server(cell)
    async with Relay(listener, Legs(to_client(cell), onward)) as relay:
        await cell.inventory(channel=cell.open_channel(port=relay.endpoint.port)).ok()
    async with Relay(listener, Legs(wrong, onward)) as relay:
        await expect_refused(cell, UNFIT, port=relay.endpoint.port)
    await expect_unseen(cell, listener)


@refusal(clause="RFC 8996: 5", securities=WITH_TLS)
async def refuses_tls_1_1_server(cell: Cell) -> None:
    """A client refuses a server that has nothing newer than TLS 1.1."""
    await _expect_relay_refused(cell, only_tls_1_1(to_client(cell)))


@refusal(clause="service.md: TLS", securities=WITH_TLS)
async def refuses_server_without_alpn(cell: Cell) -> None:
    """A client refuses a server that does not choose `h2` in the handshake."""
    await _expect_relay_refused(cell, to_client(cell, alpn=()))


# What a server must refuse.


@refusal(clause="service.md: TLS", securities=WITH_TLS)
async def refuses_plaintext_client(cell: Cell) -> None:
    """A server with TLS does not speak to a client without."""
    listener = await cell.listen()
    await expect_refused(cell, NO_HTTP2, port=listener.port, security=Security.PLAINTEXT)
    await expect_unseen(cell, listener)


@refusal(clause="service.md: TLS", securities=MTLS)
async def refuses_missing_certificate(cell: Cell) -> None:
    """A server with mTLS refuses a client that has no certificate."""
    listener = await cell.listen()
    await expect_refused(cell, BROKEN, port=listener.port, identity=None)
    await expect_unseen(cell, listener)


async def _expect_client_refused(cell: Cell, kind: Wrong) -> None:
    """Expects the server to refuse a client whose identity is wrong."""
    identity = await cell.material.wrong.identity(kind)
    listener = await cell.listen()
    await expect_refused(cell, BROKEN, port=listener.port, identity=identity)
    await expect_unseen(cell, listener)


@refusal(clause="RFC 5280: 6.1", securities=MTLS, core=True)
async def refuses_foreign_client(cell: Cell) -> None:
    """A server refuses a client of an authority it does not trust, though its name is the trusted one's."""
    await _expect_client_refused(cell, Wrong.FOREIGN)


@refusal(clause="RFC 5280: 6.1.3", securities=MTLS)
async def refuses_expired_client(cell: Cell) -> None:
    """A server refuses a client whose certificate ended an hour ago."""
    await _expect_client_refused(cell, Wrong.EXPIRED)


@refusal(clause="RFC 5280: 4.2.1.12", securities=MTLS)
async def refuses_server_only_client(cell: Cell) -> None:
    """A server refuses a client whose certificate may be used for servers only."""
    await _expect_client_refused(cell, Wrong.SERVER_ONLY)


async def _expect_caller_refused(cell: Cell, wrong: ssl.SSLContext) -> None:
    """Expects the server to refuse a relay that shows it a wrong side."""
    listener = await cell.listen()
    own = to_client(cell)
    async with Relay(listener, Legs(own, to_server(cell))) as relay:
        await expect_call_of_runner(cell, relay.endpoint)
    async with Relay(listener, Legs(own, wrong)) as relay:
        await expect_refused_to_runner(cell, relay.endpoint)
    await expect_unseen_by_runner(cell, listener)


@refusal(scope=Scope.SERVER, clause="RFC 8996: 5", securities=WITH_TLS)
async def refuses_tls_1_1_client(cell: Cell) -> None:
    """A server refuses a client that has nothing newer than TLS 1.1."""
    await _expect_caller_refused(cell, only_tls_1_1(to_server(cell)))


@refusal(scope=Scope.SERVER, clause="service.md: TLS", securities=WITH_TLS)
async def refuses_client_without_alpn(cell: Cell) -> None:
    """A server refuses a client that does not offer `h2` in the handshake."""
    await _expect_caller_refused(cell, to_server(cell, alpn=()))
