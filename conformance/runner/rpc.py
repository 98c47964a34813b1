"""The methods a case can call, and what the session protocol names their messages."""

import enum
from typing import Final

from proto import session_pb2


class Shape(enum.Enum):
    """Which ends of a method stream."""

    UNARY = "unary"
    SERVER_STREAM = "server_stream"
    CLIENT_STREAM = "client_stream"
    BIDI_STREAM = "bidi_stream"


class Rpc(enum.IntEnum):
    """A method; the value is that of `Rpc` in session.proto."""

    GET = session_pb2.RPC_GET
    PUT = session_pb2.RPC_PUT
    DELETE = session_pb2.RPC_DELETE
    INVENTORY = session_pb2.RPC_INVENTORY
    MONITOR = session_pb2.RPC_MONITOR
    BATCH = session_pb2.RPC_BATCH
    TRADE = session_pb2.RPC_TRADE
    KV_GET = session_pb2.RPC_KV_GET
    KV_PUT = session_pb2.RPC_KV_PUT
    ABSENT_GET = session_pb2.RPC_ABSENT_GET

    @property
    def shape(self) -> Shape:
        """Which ends of the method stream."""
        return _SHAPES.get(self, Shape.UNARY)

    @property
    def streams_requests(self) -> bool:
        """Whether the client may send any number of requests."""
        return self in STREAMS_REQUESTS


_SHAPES: Final = {
    Rpc.MONITOR: Shape.SERVER_STREAM,
    Rpc.BATCH: Shape.CLIENT_STREAM,
    Rpc.TRADE: Shape.BIDI_STREAM,
}

STREAMS_REQUESTS: Final = frozenset({Rpc.BATCH, Rpc.TRADE})

# Field of `Request` and of `Response` that carries the messages of a method.
FIELDS: Final = {rpc: rpc.name.lower() for rpc in Rpc} | {Rpc.ABSENT_GET: "get"}
