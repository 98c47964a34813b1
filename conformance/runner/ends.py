"""What is at the ends of a link: programs, endpoints, and how channels and listeners may differ."""

from typing import Final, NamedTuple, TypedDict

from conformance.runner.config import Security
from conformance.runner.way import Way
from proto import session_pb2

WIRE_SECURITY: Final = {
    Security.PLAINTEXT: session_pb2.SECURITY_PLAINTEXT,
    Security.TLS: session_pb2.SECURITY_TLS,
    Security.MTLS: session_pb2.SECURITY_MTLS,
}


class Program(NamedTuple):
    """One end of the cell."""

    # Of its Hello; `runner` for the runner's own client.
    language: str
    hello: session_pb2.Hello
    supports: frozenset[str]
    way: Way = Way.SESSION


class ChannelChanges(TypedDict, total=False):
    """In what a channel differs from the cell's own; None takes a thing away."""

    host: str
    port: int
    security: Security
    roots_pem: bytes
    identity: session_pb2.Identity | None
    server_name: str
    max_receive_bytes: int


class ListenerChanges(TypedDict, total=False):
    """In what a listener differs from the cell's own."""

    host: str
    security: Security
    identity: session_pb2.Identity | None
    client_roots_pem: bytes
    max_receive_bytes: int


class Endpoint(NamedTuple):
    """Where a listener accepts connections."""

    host: str
    port: int
    # The listener's number in its server's session.
    listener: int

    @property
    def target(self) -> str:
        """`host:port`, as gRPC libraries take it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
