"""The handlers over a real server: what Stock and KV answer, and how streams begin and end."""

import queue
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from proto import kv_pb2, stock_pb2
from python.calls import Channel, Endpoint
from python.listener import Binding, Listener, describe
from python.service import INVALID_KEY, SHUTTING_DOWN
from python.store import Stores

PATIENCE = 10.0


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener(Binding("127.0.0.1", 0), Stores(), describe("plaintext"))
    yield listening
    listening.drain(0)


@pytest.fixture
def channel(listener: Listener) -> Iterator[Channel]:
    with Channel(Endpoint(listener.endpoint)) as channel:
        yield channel


def put(channel: Channel, key: str, value: bytes = b"") -> None:
    channel.stock.Put(stock_pb2.PutRequest(key=key, value=value), timeout=PATIENCE)


def test_kv_shares_the_store(channel: Channel) -> None:
    channel.kv.Put(kv_pb2.PutRequest(key="k", value=b"v"), timeout=PATIENCE)
    response = channel.stock.Get(stock_pb2.GetRequest(key="k"), timeout=PATIENCE)
    assert response.value == b"v"
    channel.stock.Delete(stock_pb2.DeleteRequest(key="k"), timeout=PATIENCE)
    with pytest.raises(grpc.RpcError) as caught:
        channel.kv.Get(kv_pb2.GetRequest(key="k"), timeout=PATIENCE)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


def test_errors_of_keys(channel: Channel) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        put(channel, "")
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details() == INVALID_KEY
    with pytest.raises(grpc.RpcError) as caught:
        channel.stock.Get(stock_pb2.GetRequest(key="missing"), timeout=PATIENCE)
    assert caught.value.details() == "key not found: missing"
    with pytest.raises(grpc.RpcError) as caught:
        next(channel.monitor("a\0", PATIENCE))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_inventory(channel: Channel) -> None:
    put(channel, "k", b"123")
    status = channel.stock.Inventory(stock_pb2.InventoryRequest(), timeout=PATIENCE)
    assert (status.total_items, status.total_bytes) == (1, 3)
    assert status.metadata["language"] == "python"
    assert status.metadata["security"] == "plaintext"
    assert {"runtime", "library", "transport", "tls_stack"} <= set(status.metadata)


def test_monitor_misses_nothing_after_its_headers(channel: Channel) -> None:
    put(channel, "before")
    request = stock_pb2.WatchRequest(key_prefix="k")
    call = channel.stock.Monitor(request, timeout=PATIENCE)
    call.initial_metadata()
    for key in ("k1", "other", "k2"):
        put(channel, key)
    assert [next(call).key, next(call).key] == ["k1", "k2"]
    call.cancel()


def test_a_drain_ends_monitor(listener: Listener, channel: Channel) -> None:
    call = channel.stock.Monitor(stock_pb2.WatchRequest(), timeout=PATIENCE)
    call.initial_metadata()
    listener.drain(PATIENCE)
    with pytest.raises(grpc.RpcError) as caught:
        next(call)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert caught.value.details() == SHUTTING_DOWN


def test_batch_counts_invalid_items(channel: Channel) -> None:
    items = [stock_pb2.BatchItem(key=key, value=b"12") for key in ("a", "", "b")]
    summary = channel.batch(items, PATIENCE)
    counted = (summary.total_items, summary.successful, summary.failed, summary.bytes_written)
    assert counted == (3, 2, 1, 4)
    assert channel.batch([], PATIENCE) == stock_pb2.BatchSummary()


def test_trade_fills_each_order_before_the_next_is_sent(channel: Channel) -> None:
    orders: queue.SimpleQueue[stock_pb2.TradeOrder | None] = queue.SimpleQueue()
    call = channel.stock.Trade(iter(orders.get, None), timeout=PATIENCE)
    for number in range(1, 4):
        buy = stock_pb2.TradeOrder(type=stock_pb2.TradeOrder.BUY, symbol="a", quantity=number)
        orders.put(buy)
        assert next(call).quantity_filled == number
    orders.put(None)
    assert list(call) == []
    assert call.code() is grpc.StatusCode.OK


def test_a_request_that_does_not_decode_is_internal(listener: Listener) -> None:
    with grpc.insecure_channel(listener.endpoint) as channel:
        call: Any = channel.unary_unary("/tofusoup.stock.Stock/Get")
        with pytest.raises(grpc.RpcError) as caught:
            call(b"\xff", timeout=PATIENCE)
    assert caught.value.code() is grpc.StatusCode.INTERNAL
