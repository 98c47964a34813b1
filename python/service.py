"""The handlers of `tofusoup.stock.Stock` and of `proto.KV`, over the same stores."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc

from proto import kv_pb2, kv_pb2_grpc, stock_pb2, stock_pb2_grpc
from python.store import (
    Change,
    Event,
    Fill,
    InvalidKeyError,
    MissingKeyError,
    Store,
    Stores,
    Subscription,
)

INVALID_KEY = "invalid key: 1 to 1024 bytes of UTF-8 without NUL"
SHUTTING_DOWN = "server shutting down"

_EVENT_TYPES = {Change.PUT: stock_pb2.WatchEvent.PUT, Change.DELETE: stock_pb2.WatchEvent.DELETE}


@dataclass(frozen=True, slots=True)
class Description:
    """What Inventory tells of the server beside its totals."""

    version: str
    metadata: Mapping[str, str]
    started: float = field(default_factory=time.monotonic)


@contextmanager
def key_errors(context: grpc.ServicerContext) -> Iterator[None]:
    """Ends the call with the status that belongs to a store's refusal of a key."""
    try:
        yield
    except InvalidKeyError:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, INVALID_KEY)
    except MissingKeyError as missing:
        context.abort(grpc.StatusCode.NOT_FOUND, f"key not found: {missing}")


class StockService(stock_pb2_grpc.StockServicer):
    """Handlers of Stock. One object serves one listener; `drain` ends what would never end by itself."""

    def __init__(self, stores: Stores, description: Description) -> None:
        self._stores = stores
        self._description = description
        self._lock = threading.Lock()
        self._monitors: set[Subscription] = set()
        self._draining = False

    def drain(self) -> None:
        """Ends every Monitor stream, and those that still begin, with UNAVAILABLE."""
        with self._lock:
            self._draining = True
            monitors = tuple(self._monitors)
        for subscription in monitors:
            subscription.close()

    def Get(
        self, request: stock_pb2.GetRequest, context: grpc.ServicerContext
    ) -> stock_pb2.GetResponse:
        with key_errors(context):
            return stock_pb2.GetResponse(value=self._store().get(request.key))

    def Put(self, request: stock_pb2.PutRequest, context: grpc.ServicerContext) -> stock_pb2.Empty:
        with key_errors(context):
            self._store().put(request.key, request.value)
        return stock_pb2.Empty()

    def Delete(
        self, request: stock_pb2.DeleteRequest, context: grpc.ServicerContext
    ) -> stock_pb2.Empty:
        with key_errors(context):
            self._store().delete(request.key)
        return stock_pb2.Empty()

    def Inventory(
        self, request: stock_pb2.InventoryRequest, context: grpc.ServicerContext
    ) -> stock_pb2.InventoryStatus:
        totals = self._store().totals()
        return stock_pb2.InventoryStatus(
            total_items=totals.items,
            total_bytes=totals.bytes,
            uptime_seconds=int(time.monotonic() - self._description.started),
            server_version=self._description.version,
            metadata=self._description.metadata,
        )

    def Monitor(
        self, request: stock_pb2.WatchRequest, context: grpc.ServicerContext
    ) -> Iterator[stock_pb2.WatchEvent]:
        with key_errors(context):
            subscription = self._store().subscribe(request.key_prefix)
        try:
            self._begin_monitor(subscription, context)
            for event in subscription:
                yield self._event(event)
        finally:
            subscription.close()
            with self._lock:
                self._monitors.discard(subscription)
        if subscription.too_slow:
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "subscriber too slow")
        context.abort(grpc.StatusCode.UNAVAILABLE, SHUTTING_DOWN)

    def Batch(
        self, request_iterator: Iterable[stock_pb2.BatchItem], context: grpc.ServicerContext
    ) -> stock_pb2.BatchSummary:
        summary = stock_pb2.BatchSummary()
        for item in request_iterator:
            self._apply(item, summary)
        return summary

    def Trade(
        self, request_iterator: Iterable[stock_pb2.TradeOrder], context: grpc.ServicerContext
    ) -> Iterator[stock_pb2.TradeFill]:
        for order in request_iterator:
            yield self._fill(order, self._store().trade(order.type, order.symbol, order.quantity))

    def _store(self) -> Store:
        return self._stores.current()

    def _begin_monitor(self, subscription: Subscription, context: grpc.ServicerContext) -> None:
        with self._lock:
            self._monitors.add(subscription)
            draining = self._draining
        if draining or not context.add_callback(subscription.close):
            subscription.close()
        # Only now: whoever has seen the metadata misses no later change.
        context.send_initial_metadata(())

    def _event(self, event: Event) -> stock_pb2.WatchEvent:
        return stock_pb2.WatchEvent(
            type=_EVENT_TYPES[event.change],
            key=event.key,
            value=event.value,
            timestamp=event.timestamp,
        )

    def _apply(self, item: stock_pb2.BatchItem, summary: stock_pb2.BatchSummary) -> None:
        summary.total_items += 1
        try:
            self._store().put(item.key, item.value)
        except InvalidKeyError:
            summary.failed += 1
        else:
            summary.successful += 1
            summary.bytes_written += len(item.value)

    def _fill(self, order: stock_pb2.TradeOrder, fill: Fill) -> stock_pb2.TradeFill:
        return stock_pb2.TradeFill(
            success=fill.success,
            symbol=order.symbol,
            quantity_filled=fill.quantity,
            message=fill.message,
            timestamp=fill.timestamp,
        )


class KvService(kv_pb2_grpc.KVServicer):
    """Handlers of the older KV service."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def Get(self, request: kv_pb2.GetRequest, context: grpc.ServicerContext) -> kv_pb2.GetResponse:
        with key_errors(context):
            return kv_pb2.GetResponse(value=self._stores.current().get(request.key))

    def Put(self, request: kv_pb2.PutRequest, context: grpc.ServicerContext) -> kv_pb2.Empty:
        with key_errors(context):
            self._stores.current().put(request.key, request.value)
        return kv_pb2.Empty()
