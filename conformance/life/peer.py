"""A server that says what a test wants a client to hear."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent import futures
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any, Final, NoReturn

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from conformance.life.programs import PATIENCE
from proto import kv_pb2, kv_pb2_grpc, stock_pb2, stock_pb2_grpc

Event = stock_pb2.WatchEvent
Fill = stock_pb2.TradeFill

# Every byte that a line escapes, and some that it does not.
ODD: Final = bytes(range(0x20)) + b"\\ \x7f\xff\xc3\xa9\xf0\x9f\x8d\x8e\xe2\x82\x80"
ODD_KEY: Final = "a\tb\nc\rd\\e\x01\x7fé\U0001f34e"

EVENTS: Final = (
    Event(type=Event.PUT, key="k", value=b"v", timestamp=1),
    Event(type=Event.PUT, key="empty", value=b"", timestamp=2),
    Event(type=Event.DELETE, key="k", timestamp=3),
    Event(type=Event.PUT, key=ODD_KEY, value=ODD, timestamp=2**63 - 1),
)


class Peer:
    """What the calls of a client do here: they tell what they asked, and are answered by rote."""

    def __init__(self) -> None:
        # What calls have asked for, by name of the method.
        self.asked: SimpleQueue[tuple[str, Any]] = SimpleQueue()

    def get(self, request: Any, context: grpc.ServicerContext) -> stock_pb2.GetResponse:
        """By the key: a status, a value, or nothing ever."""
        left = context.time_remaining()
        self.asked.put(("Get", left))
        if request.key == "never":
            self._wait(context)
        if request.key.isdigit():
            code = next(c for c in grpc.StatusCode if c.value[0] == int(request.key))
            context.abort(code, "two\nlines")
        return stock_pb2.GetResponse(value=b"x" * 200_000 if request.key == "big" else ODD)

    def monitor(self, request: Any, context: grpc.ServicerContext) -> Iterator[Event]:
        """All events; then the end that the prefix names, or none."""
        self.asked.put(("Monitor", request.key_prefix))
        yield from EVENTS
        if request.key_prefix == "fails":
            context.abort(grpc.StatusCode.DATA_LOSS, "gone")
        if request.key_prefix != "ends":
            self._wait(context)

    def trade(self, orders: Any, context: grpc.ServicerContext) -> Iterator[Fill]:
        """A fill for each order; an order of DROP ends the stream."""
        for order in orders:
            self.asked.put(("Trade", (order.type, order.symbol, order.quantity)))
            if order.symbol == "DROP":
                context.abort(grpc.StatusCode.ABORTED, "dropped")
            yield Fill(
                success=order.quantity >= 0,
                symbol=order.symbol,
                quantity_filled=max(0, order.quantity),
                message="a message",
            )

    def batch(self, items: Any, context: grpc.ServicerContext) -> stock_pb2.BatchSummary:
        """Numbers that tell the fields apart."""
        self.asked.put(("Batch", [(item.key, item.value) for item in items]))
        return stock_pb2.BatchSummary(
            total_items=4, successful=3, failed=1, bytes_written=5_000_000_000
        )

    def inventory(self, _: Any, context: grpc.ServicerContext) -> stock_pb2.InventoryStatus:
        """Metadata that is not sorted."""
        return stock_pb2.InventoryStatus(
            total_items=1,
            total_bytes=5_000_000_000,
            uptime_seconds=3,
            server_version="1.2.3",
            metadata={"z": "last", "a": "first = 1", "b": "", "B": "upper"},
        )

    def put(self, request: Any, _: grpc.ServicerContext) -> stock_pb2.Empty:
        """Done."""
        self.asked.put(("Put", (request.key, request.value)))
        return stock_pb2.Empty()

    def delete(self, request: Any, _: grpc.ServicerContext) -> stock_pb2.Empty:
        """Done."""
        self.asked.put(("Delete", request.key))
        return stock_pb2.Empty()

    def check(self, request: Any, _: grpc.ServicerContext) -> health_pb2.HealthCheckResponse:
        """By the service: one of the statuses."""
        status = health_pb2.HealthCheckResponse.ServingStatus.Value(request.service or "SERVING")
        return health_pb2.HealthCheckResponse(status=status)

    def _wait(self, context: grpc.ServicerContext) -> NoReturn:
        over: SimpleQueue[None] = SimpleQueue()
        if not context.add_callback(lambda: over.put(None)):
            over.put(None)
        over.get(timeout=PATIENCE)
        context.abort(grpc.StatusCode.CANCELLED, "over")


def _servicer(**methods: Callable[..., Any]) -> Any:
    """A servicer of these methods."""
    return SimpleNamespace(**methods)


@contextlib.contextmanager
def serve() -> Iterator[tuple[Peer, str]]:
    """A peer and its endpoint."""
    peer = Peer()
    with futures.ThreadPoolExecutor(8) as pool:
        server = grpc.server(pool, options=[("grpc.so_reuseport", 0)])
        stock = _servicer(
            Get=peer.get,
            Put=peer.put,
            Delete=peer.delete,
            Monitor=peer.monitor,
            Batch=peer.batch,
            Trade=peer.trade,
            Inventory=peer.inventory,
        )

        def kv_get(request: Any, context: grpc.ServicerContext) -> kv_pb2.GetResponse:
            return kv_pb2.GetResponse(value=peer.get(request, context).value)

        def kv_put(request: Any, context: grpc.ServicerContext) -> kv_pb2.Empty:
            peer.put(request, context)
            return kv_pb2.Empty()

        stock_pb2_grpc.add_StockServicer_to_server(stock, server)
        kv_pb2_grpc.add_KVServicer_to_server(_servicer(Get=kv_get, Put=kv_put), server)
        health = _servicer(Check=peer.check, Watch=peer.check, List=peer.check)
        health_pb2_grpc.add_HealthServicer_to_server(health, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield peer, f"127.0.0.1:{port}"
        finally:
            server.stop(0).wait(PATIENCE)
