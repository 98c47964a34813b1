"""The methods a session can call, each by its generated stub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from proto import session_pb2
from python.calls import Channel
from python.session.common import CommandError


@dataclass(frozen=True, slots=True)
class Method:
    """One RPC on one channel. `field` is its name in the oneofs of requests and responses."""

    stub: Any
    field: str
    sends_stream: bool = False
    gives_stream: bool = False

    @property
    def is_unary(self) -> bool:
        """Whether it has one request and one response."""
        return not self.sends_stream and not self.gives_stream

    def check(self, requests: Iterable[session_pb2.Request]) -> None:
        """Raises CommandError unless all requests are of the method's type."""
        for request in requests:
            given = request.WhichOneof("request")
            if given != self.field:
                raise CommandError(f"requests: {given} given, {self.field} expected")

    def request(self, request: session_pb2.Request) -> Any:
        """The message for the stub."""
        return getattr(request, self.field)

    def response(self, message: Any) -> session_pb2.Response:
        """A message that the stub gave."""
        response = session_pb2.Response()
        getattr(response, self.field).CopyFrom(message)
        return response


def methods_of(channel: Channel) -> Mapping[int, Method]:
    """All methods, by their number in `Rpc`."""
    stock, kv = channel.stock, channel.kv
    return {
        session_pb2.RPC_GET: Method(stock.Get, "get"),
        session_pb2.RPC_PUT: Method(stock.Put, "put"),
        session_pb2.RPC_DELETE: Method(stock.Delete, "delete"),
        session_pb2.RPC_INVENTORY: Method(stock.Inventory, "inventory"),
        session_pb2.RPC_MONITOR: Method(stock.Monitor, "monitor", gives_stream=True),
        session_pb2.RPC_BATCH: Method(stock.Batch, "batch", sends_stream=True),
        session_pb2.RPC_TRADE: Method(stock.Trade, "trade", sends_stream=True, gives_stream=True),
        session_pb2.RPC_KV_GET: Method(kv.Get, "kv_get"),
        session_pb2.RPC_KV_PUT: Method(kv.Put, "kv_put"),
        session_pb2.RPC_ABSENT_GET: Method(channel.absent.Get, "get"),
    }
