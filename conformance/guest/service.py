"""The guest's services, as grpclib takes handlers: a table from paths to coroutines over a stream."""

import asyncio
import platform
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import grpclib
import h2
from google.protobuf.message import DecodeError
from grpclib.const import Cardinality, Handler, Status
from grpclib.exceptions import GRPCError
from grpclib.server import Stream

from conformance.guest.store import Store, Subscriber, is_key
from proto import kv_pb2, stock_pb2

VERSION: Final = "1.0.0"
LANGUAGE: Final = "python"
LIBRARY: Final = f"grpclib {grpclib.__version__}"

_INVALID_KEY: Final = "invalid key: 1 to 1024 bytes of UTF-8 without NUL"

Handle = Callable[[Stream[Any, Any]], Awaitable[None]]


class Stock:
    """Handlers of `tofusoup.stock.Stock` over a store."""

    def __init__(self, store: Store, security: str) -> None:
        self._store = store
        self._started = time.monotonic()
        self._metadata = {
            "language": LANGUAGE,
            "runtime": f"cpython {platform.python_version()}",
            "library": LIBRARY,
            "transport": f"h2 {h2.__version__}",
            "tls_stack": ssl.OPENSSL_VERSION,
            "security": security,
        }

    def __mapping__(self) -> Mapping[str, Handler]:
        """What grpclib dispatches by."""
        unary, pb = Cardinality.UNARY_UNARY, stock_pb2
        table = (
            ("Get", self.get, unary, pb.GetRequest, pb.GetResponse),
            ("Put", self.put, unary, pb.PutRequest, pb.Empty),
            ("Delete", self.delete, unary, pb.DeleteRequest, pb.Empty),
            ("Inventory", self.inventory, unary, pb.InventoryRequest, pb.InventoryStatus),
            ("Monitor", self.monitor, Cardinality.UNARY_STREAM, pb.WatchRequest, pb.WatchEvent),
            ("Batch", self.batch, Cardinality.STREAM_UNARY, pb.BatchItem, pb.BatchSummary),
            ("Trade", self.trade, Cardinality.STREAM_STREAM, pb.TradeOrder, pb.TradeFill),
        )
        return {f"/tofusoup.stock.Stock/{name}": Handler(*rest) for name, *rest in table}

    async def get(self, stream: Stream[Any, Any]) -> None:
        """Stock/Get."""
        value = value_of(self._store, await request(stream))
        await stream.send_message(stock_pb2.GetResponse(value=value))

    async def put(self, stream: Stream[Any, Any]) -> None:
        """Stock/Put."""
        store_value(self._store, await request(stream))
        await stream.send_message(stock_pb2.Empty())

    async def delete(self, stream: Stream[Any, Any]) -> None:
        """Stock/Delete."""
        asked = await request(stream)
        value_of(self._store, asked)
        self._store.delete(asked.key)
        await stream.send_message(stock_pb2.Empty())

    async def inventory(self, stream: Stream[Any, Any]) -> None:
        """Stock/Inventory."""
        await request(stream)
        values = self._store.values.values()
        status = stock_pb2.InventoryStatus(
            total_items=len(values),
            total_bytes=sum(map(len, values)),
            uptime_seconds=int(time.monotonic() - self._started),
            server_version=VERSION,
            metadata=self._metadata,
        )
        await stream.send_message(status)

    async def monitor(self, stream: Stream[Any, Any]) -> None:
        """Stock/Monitor: subscribed before the initial metadata leaves, so that nothing is missed."""
        prefix = (await request(stream)).key_prefix
        if prefix:
            expect_key(prefix)
        subscriber = self._store.subscribe(prefix)
        try:
            await stream.send_initial_metadata()
            await _deliver(subscriber, stream)
        finally:
            self._store.forget(subscriber)

    async def batch(self, stream: Stream[Any, Any]) -> None:
        """Stock/Batch."""
        summary = stock_pb2.BatchSummary()
        while (item := await received(stream)) is not None:
            summary.total_items += 1
            if is_key(item.key):
                self._store.put(item.key, item.value)
                summary.successful += 1
                summary.bytes_written += len(item.value)
            else:
                summary.failed += 1
        await stream.send_message(summary)

    async def trade(self, stream: Stream[Any, Any]) -> None:
        """Stock/Trade."""
        while (order := await received(stream)) is not None:
            await stream.send_message(self._store.fill(order))


class Kv:
    """Handlers of the older `proto.KV` over the same store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __mapping__(self) -> Mapping[str, Handler]:
        """What grpclib dispatches by."""
        unary = Cardinality.UNARY_UNARY
        return {
            "/proto.KV/Get": Handler(self.get, unary, kv_pb2.GetRequest, kv_pb2.GetResponse),
            "/proto.KV/Put": Handler(self.put, unary, kv_pb2.PutRequest, kv_pb2.Empty),
        }

    async def get(self, stream: Stream[Any, Any]) -> None:
        """KV/Get."""
        value = value_of(self._store, await request(stream))
        await stream.send_message(kv_pb2.GetResponse(value=value))

    async def put(self, stream: Stream[Any, Any]) -> None:
        """KV/Put."""
        store_value(self._store, await request(stream))
        await stream.send_message(kv_pb2.Empty())


async def received(stream: Stream[Any, Any]) -> Any:
    """The next request, None at their end; INTERNAL where it does not decode."""
    try:
        return await stream.recv_message()
    except DecodeError:
        raise GRPCError(Status.INTERNAL, "request does not decode") from None


async def request(stream: Stream[Any, Any]) -> Any:
    """The one request of a call; INTERNAL where there is none."""
    message = await received(stream)
    if message is None:
        raise GRPCError(Status.INTERNAL, "no request")
    return message


def expect_key(key: str) -> None:
    """Ends the call where a key breaks the key rule."""
    if not is_key(key):
        raise GRPCError(Status.INVALID_ARGUMENT, _INVALID_KEY)


def value_of(store: Store, asked: Any) -> bytes:
    """The value of a request's key."""
    expect_key(asked.key)
    if asked.key not in store.values:
        raise GRPCError(Status.NOT_FOUND, f"key not found: {asked.key}")
    return store.values[asked.key]


def store_value(store: Store, asked: Any) -> None:
    """Stores a request's value under its key."""
    expect_key(asked.key)
    store.put(asked.key, asked.value)


async def _deliver(subscriber: Subscriber, stream: Stream[Any, Any]) -> None:
    """Sends events until the subscriber has been too slow, or is gone."""
    overflown = asyncio.ensure_future(subscriber.overflown.wait())
    try:
        while not subscriber.overflown.is_set():
            event = asyncio.ensure_future(subscriber.events.get())
            await asyncio.wait((event, overflown), return_when=asyncio.FIRST_COMPLETED)
            if event.done():
                await stream.send_message(event.result())
            else:
                event.cancel()
    finally:
        overflown.cancel()
    raise GRPCError(Status.RESOURCE_EXHAUSTED, "subscriber too slow")
