"""TLS of the runner's own between a cell's client and its server, as the cell's config has it."""

import ssl
from collections.abc import Iterable

from conformance.certs.authority import Identity
from conformance.certs.contexts import H2, client_context, server_context
from conformance.runner.cell import Cell
from conformance.runner.config import Security
from proto import session_pb2


def identity_of(wire: session_pb2.Identity) -> Identity:
    """What the programs are given, for TLS of the runner's own."""
    return Identity(wire.chain_pem, wire.key_pem)


def to_client(cell: Cell, *, alpn: Iterable[str] = H2) -> ssl.SSLContext:
    """In the place of the cell's server."""
    return server_context(identity_of(cell.material.server), alpn=alpn)


def to_server(cell: Cell, *, alpn: Iterable[str] = H2) -> ssl.SSLContext:
    """In the place of the cell's client."""
    own = identity_of(cell.material.client) if cell.config.security is Security.MTLS else None
    return client_context(cell.material.roots_pem, own, alpn=alpn)
