"""Peers whose limits are others than those of the service."""

import dataclasses
from typing import Any

from conformance.mutants.mutant import Role, mutant, switch
from conformance.runner.config import Config, KeyType, Security
from python import calls, listener
from python.session import client as session_client

TLS = Config(Security.TLS, KeyType.P256)


def _server_limit(**changes: int) -> None:
    """Has a server's listeners give the library other numbers; `__` stands for a dot."""

    @switch(listener, "server_options")
    def server_options(original: Any, max_receive_bytes: int) -> list[tuple[str, int]]:
        options = dict(original(max_receive_bytes))
        options |= {f"grpc.{name.replace('__', '.')}": value for name, value in changes.items()}
        return [*options.items()]


def _server_reads(more: int) -> None:
    @switch(listener, "server_options")
    def server_options(original: Any, max_receive_bytes: int) -> Any:
        return original(max_receive_bytes + more)


def _client_reads(more: int) -> None:
    @switch(calls, "channel_options")
    def channel_options(original: Any, endpoint: calls.Endpoint) -> Any:
        wrong = endpoint.max_receive_bytes + more
        return original(dataclasses.replace(endpoint, max_receive_bytes=wrong))


@mutant(Role.SERVER, "limits_request_*", "limits_default")
def reads_longer_requests() -> None:
    """A request may be a byte longer than the server's limit."""
    _server_reads(1)


@mutant(Role.SERVER, "limits_request_*", "limits_default")
def reads_shorter_requests() -> None:
    """A request must be a byte shorter than the server's limit."""
    _server_reads(-1)


@mutant(Role.CLIENT, "limits_response_*")
def reads_longer_responses() -> None:
    """A response may be a byte longer than the client's limit."""
    _client_reads(1)


@mutant(Role.CLIENT, "limits_response_*")
def reads_shorter_responses() -> None:
    """A response must be a byte shorter than the client's limit."""
    _client_reads(-1)


@mutant(Role.CLIENT, "limits_default")
def reads_any_response() -> None:
    """A client that is asked for no limit has none."""
    vars(session_client)["DEFAULT_RECEIVE_BYTES"] = -1


@mutant(
    Role.SERVER,
    "limits_metadata_*_stream",
    "limits_metadata_unary",
    "limits_metadata_on_the_wire",
)
def takes_little_metadata() -> None:
    """A server takes 8 KiB of request metadata, names and all."""
    _server_limit(max_metadata_size=8192, absolute_max_metadata_size=8192)


@mutant(Role.CLIENT, "limits_metadata_*_stream", "limits_metadata_unary")
def takes_little_metadata_back() -> None:
    """A client takes 8 KiB of metadata, names and all."""
    calls.METADATA_BYTES = 8192


@mutant(Role.SERVER, "limits_metadata_refused", "limits_metadata_on_the_wire")
def takes_much_metadata() -> None:
    """A server takes 64 KiB of request metadata."""
    _server_limit(max_metadata_size=65_536, absolute_max_metadata_size=65_536)


@mutant(Role.SERVER, "limits_streams")
def has_room_for_more_calls() -> None:
    """A connection has room for a call more than it should."""
    _server_limit(max_concurrent_streams=101)


@mutant(Role.SERVER, "limits_pings")
def bears_any_ping() -> None:
    """A server answers as many pings as a client likes to send."""
    _server_limit(http2__max_ping_strikes=0)


@mutant(Role.SERVER, "limits_handshake", config=TLS)
def waits_for_handshakes() -> None:
    """A server waits a minute for a TLS handshake."""
    _server_limit(server_handshake_timeout_ms=60_000)


@mutant(Role.SERVER, "limits_handshake", config=TLS)
def hurries_handshakes() -> None:
    """A server ends a TLS handshake after a second."""
    _server_limit(server_handshake_timeout_ms=1000)
