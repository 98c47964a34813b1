"""One listening socket with every service behind it: how it begins and how it drains."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from grpc_health.v1 import health_pb2_grpc

from proto import kv_pb2_grpc, stock_pb2_grpc
from python import about
from python.directive import DirectiveInterceptor
from python.guard import GuardInterceptor
from python.health import Health
from python.reflection import Reflection
from python.running import RunningCalls
from python.service import Description, KvService, StockService
from python.store import Stores
from python.threads import CallThreads

DEFAULT_RECEIVE_BYTES = 4 * 1024 * 1024
SERVICES = ("proto.KV", "tofusoup.stock.Stock")

# Calls that run at once, on a thread each; the next one is RESOURCE_EXHAUSTED. Threads are made as needed.
CONCURRENT_CALLS = 2048
# Calls that outlive the grace are cancelled; a moment for their peers to be told.
_FAREWELL_SECONDS = 0.3


class BindError(Exception):
    """The endpoint cannot be bound; the text is one line for a person."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Where and how to listen. `port` 0 is any free one; without credentials it is plaintext."""

    host: str
    port: int
    credentials: grpc.ServerCredentials | None = None
    max_receive_bytes: int = DEFAULT_RECEIVE_BYTES


def describe(security: str) -> Description:
    """What the server tells of itself on a connection with this security."""
    metadata = {
        "language": about.LANGUAGE,
        "library": about.LIBRARY,
        "runtime": about.RUNTIME,
        "security": security,
        "tls_stack": about.TLS_STACK,
        "transport": about.TRANSPORT,
    }
    return Description(about.VERSION, metadata)


def server_options(max_receive_bytes: int) -> list[tuple[str, int]]:
    """The library's limits; docs/reference/service.md, life of a server."""
    return [
        ("grpc.so_reuseport", 0),
        ("grpc.max_receive_message_length", max_receive_bytes),
        ("grpc.max_concurrent_streams", 100),
        ("grpc.max_metadata_size", 16 * 1024),
        ("grpc.absolute_max_metadata_size", 16 * 1024),
        ("grpc.server_handshake_timeout_ms", 10_000),
    ]


def literal(host: str) -> str:
    """The address that `host` names, as a literal. Raises BindError."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise BindError(f"cannot bind {host}: {error}") from None
    return str(found[0][4][0])


def endpoint(address: str, port: int) -> str:
    """`address:port`, an IPv6 address in brackets."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


class Listener:
    """Accepts connections from its making until `drain`, which whoever made it calls. Raises BindError."""

    def __init__(
        self,
        binding: Binding,
        stores: Stores,
        description: Description,
        directives: DirectiveInterceptor | None = None,
    ) -> None:
        self.service = self.stock_service(stores, description)
        self._health = Health(SERVICES)
        self._reflection = Reflection([*SERVICES, "grpc.health.v1.Health"])
        self._running = RunningCalls()
        interceptors = [GuardInterceptor(self._running), *([directives] if directives else [])]
        self._server = self._make_server(interceptors, binding.max_receive_bytes)
        stock_pb2_grpc.add_StockServicer_to_server(self.service, self._server)
        kv_pb2_grpc.add_KVServicer_to_server(KvService(stores), self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        self._reflection.register(self._server)
        address = literal(binding.host)
        self.port = self._bind(address, binding)
        self.endpoint = endpoint(address, self.port)
        self._server.start()

    def drain(self, grace_seconds: float) -> None:
        """Stops listening and ends the calls, those still running after the grace by force. Blocks until then."""
        self._health.drain()
        stopped = self._server.stop(grace_seconds)
        self.service.drain()
        self._reflection.drain()
        # The library would also wait for connections without calls, whose peers may do what they like.
        self._running.wait_until_none(grace_seconds + _FAREWELL_SECONDS)
        stopped.wait(_FAREWELL_SECONDS)

    def stock_service(self, stores: Stores, description: Description) -> StockService:
        """The handlers of Stock."""
        return StockService(stores, description)

    def _make_server(
        self, interceptors: Sequence[grpc.ServerInterceptor], max_receive_bytes: int
    ) -> grpc.Server:
        return grpc.server(
            CallThreads(),  # type: ignore[arg-type]  # any executor serves
            interceptors=list(interceptors),
            options=server_options(max_receive_bytes),
            maximum_concurrent_rpcs=CONCURRENT_CALLS,
        )

    def _bind(self, address: str, binding: Binding) -> int:
        wanted = endpoint(address, binding.port)
        try:
            if binding.credentials is None:
                port = self._server.add_insecure_port(wanted)
            else:
                port = self._server.add_secure_port(wanted, binding.credentials)
        except RuntimeError:
            port = 0
        if port == 0:
            raise BindError(f"cannot bind {wanted}: taken, or not an address of this machine")
        return port
