"""The client side of the RPCs: channels, and the calls that take more than a stub."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any

import grpc
from grpc_health.v1 import health_pb2_grpc

from proto import kv_pb2_grpc, session_pb2_grpc, stock_pb2, stock_pb2_grpc

DEFAULT_RECEIVE_BYTES = 4 * 1024 * 1024
METADATA_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is and how to reach it. Without credentials it is plaintext.

    `target` is `host:port`, or a URI of gRPC's naming document. `server_name` is what the certificate
    is verified against and what is sent as SNI and authority; empty: the host.
    """

    target: str
    credentials: grpc.ChannelCredentials | None = None
    server_name: str = ""
    max_receive_bytes: int = DEFAULT_RECEIVE_BYTES


class Channel(contextlib.AbstractContextManager["Channel"]):
    """The stubs over connections of their own. Nothing is dialled before the first call.

    Whoever opens it closes it; as a context manager it closes itself.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        options = channel_options(endpoint)
        if endpoint.credentials is None:
            self._channel = grpc.insecure_channel(endpoint.target, options)
        else:
            self._channel = grpc.secure_channel(endpoint.target, endpoint.credentials, options)
        self.stock = stock_pb2_grpc.StockStub(self._channel)
        self.kv = kv_pb2_grpc.KVStub(self._channel)
        self.absent = session_pb2_grpc.AbsentStub(self._channel)
        self.health = health_pb2_grpc.HealthStub(self._channel)

    def close(self) -> None:
        """Cancels what still runs and closes the connections."""
        self._channel.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def monitor(
        self, prefix: str = "", timeout: float | None = None
    ) -> Generator[stock_pb2.WatchEvent, None, None]:
        """The changes to the keys with a prefix, until the call ends. Raises grpc.RpcError."""
        request = stock_pb2.WatchRequest(key_prefix=prefix)
        return _received(self.stock.Monitor(request, timeout=timeout))

    def batch(
        self, items: Iterable[stock_pb2.BatchItem], timeout: float | None = None
    ) -> stock_pb2.BatchSummary:
        """Stores items; what became of them. Raises grpc.RpcError."""
        return self.stock.Batch(iter(items), timeout=timeout)

    def trade(
        self, orders: Iterable[stock_pb2.TradeOrder], timeout: float | None = None
    ) -> Generator[stock_pb2.TradeFill, None, None]:
        """Sends orders; their fills, until the call ends. Raises grpc.RpcError."""
        return _received(self.stock.Trade(iter(orders), timeout=timeout))


def channel_options(endpoint: Endpoint) -> list[tuple[str, Any]]:
    """What the library needs to be told for connections that are ours alone."""
    options: list[tuple[str, Any]] = [
        ("grpc.max_receive_message_length", endpoint.max_receive_bytes),
        # As a server's; of its own the library begins to refuse what is over 8 KiB.
        ("grpc.max_metadata_size", METADATA_BYTES),
        ("grpc.absolute_max_metadata_size", METADATA_BYTES),
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.enable_http_proxy", 0),
        # Windows that grow would hold megabytes which nobody has asked for; loopback is fast without.
        ("grpc.http2.bdp_probe", 0),
        # gRPC's own first wait is 1 s: a server of a test comes up sooner.
        ("grpc.initial_reconnect_backoff_ms", 50),
    ]
    if endpoint.server_name:
        options.append(("grpc.default_authority", endpoint.server_name))
        if endpoint.credentials is not None:
            options.append(("grpc.ssl_target_name_override", endpoint.server_name))
    return options


def _received(call: Any) -> Generator[Any, None, None]:
    """The responses of a call, which is over when the caller stops."""
    try:
        yield from call
    finally:
        call.cancel()
