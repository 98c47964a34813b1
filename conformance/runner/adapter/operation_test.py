"""Operations: each call that a command line can say, and a reason for each that it cannot."""

import pytest

from conformance.runner.adapter.operation import Operation, operation
from conformance.runner.inexpressible import Inexpressible
from conformance.runner.rpc import FIELDS, Rpc
from proto import kv_pb2, session_pb2, stock_pb2


def said(rpc: Rpc, *messages: object) -> Operation:
    """The operation of a call with these requests."""
    requests = []
    for message in messages:
        request = session_pb2.Request()
        getattr(request, FIELDS[rpc]).CopyFrom(message)
        requests.append(request)
    return operation(rpc, requests)


def item(key: str, value: bytes) -> stock_pb2.BatchItem:
    """An item of a batch."""
    return stock_pb2.BatchItem(key=key, value=value)


def order(kind: int, symbol: str, quantity: int = 0) -> stock_pb2.TradeOrder:
    """An order of any type."""
    return stock_pb2.TradeOrder(
        type=stock_pb2.TradeOrder.OrderType.ValueType(kind), symbol=symbol, quantity=quantity
    )


@pytest.mark.parametrize(
    ("rpc", "messages", "expected"),
    [
        (Rpc.GET, [stock_pb2.GetRequest(key="é")], Operation("get", ("é".encode(),))),
        (Rpc.GET, [stock_pb2.GetRequest(key="")], Operation("get", (b"",))),
        (Rpc.DELETE, [stock_pb2.DeleteRequest(key="k")], Operation("delete", (b"k",))),
        (Rpc.KV_GET, [kv_pb2.GetRequest(key="k")], Operation("kv-get", (b"k",))),
        (Rpc.INVENTORY, [stock_pb2.InventoryRequest()], Operation("inventory")),
        (Rpc.PUT, [stock_pb2.PutRequest(key="k", value=b"v")], Operation("put", (b"k", b"v"))),
        (Rpc.PUT, [stock_pb2.PutRequest(key="k")], Operation("put", (b"k", b""))),
        (
            Rpc.PUT,
            [stock_pb2.PutRequest(key="k", value=b"-")],
            Operation("put", (b"k", b"-"), b"-"),
        ),
        (
            Rpc.KV_PUT,
            [kv_pb2.PutRequest(key="k", value=b"\0\xff")],
            Operation("kv-put", (b"k", b"-"), b"\0\xff"),
        ),
        (Rpc.MONITOR, [stock_pb2.WatchRequest()], Operation("monitor")),
        (Rpc.MONITOR, [stock_pb2.WatchRequest(key_prefix="*a")], Operation("monitor", (b"*a",))),
        (Rpc.BATCH, [], Operation("batch")),
        (Rpc.BATCH, [item("a", b"1=2"), item("", b"")], Operation("batch", (b"a=1=2", b"="))),
        (Rpc.BATCH, [item("a\nb", b"")], Operation("batch", (b"a\nb=",))),
        (Rpc.BATCH, [item("a", b"\0\xff")], Operation("batch", (), b"a=\0\xff\n")),
        (
            Rpc.TRADE,
            [order(0, "a:b", 5), order(1, "", -5), order(2, "q")],
            Operation("trade", (b"buy:a:b:5", b"sell::-5", b"query:q")),
        ),
    ],
)
def test_what_can_be_said(rpc: Rpc, messages: list[object], expected: Operation) -> None:
    assert said(rpc, *messages) == expected


@pytest.mark.parametrize(
    ("rpc", "messages", "reason"),
    [
        (Rpc.ABSENT_GET, [stock_pb2.GetRequest(key="k")], "an absent service"),
        (Rpc.GET, [stock_pb2.GetRequest(key="a\0b")], "a key with NUL"),
        (Rpc.MONITOR, [stock_pb2.WatchRequest(key_prefix="a*")], "ends with a star"),
        (Rpc.BATCH, [item("a=b", b"")], "a key with `=`"),
        (Rpc.BATCH, [item("a", b"\0\n")], "neither an argument nor a line"),
        (Rpc.TRADE, [], "a trade without orders"),
        (Rpc.TRADE, [order(7, "a", 1)], "a type that has no name"),
        (Rpc.TRADE, [order(2, "a", 1)], "a query with a quantity"),
        (Rpc.TRADE, [order(2, "a:b")], "a symbol with a colon"),
        (Rpc.TRADE, [order(0, "\0", 1)], "a symbol with NUL"),
    ],
)
def test_what_cannot_be_said_has_a_reason(rpc: Rpc, messages: list[object], reason: str) -> None:
    with pytest.raises(Inexpressible, match=reason):
        said(rpc, *messages)


def test_many_items_go_by_standard_input() -> None:
    sent = said(Rpc.BATCH, *(item(f"k{number}", b"v") for number in range(1000)))
    assert sent.arguments == ()
    assert sent.stdin.count(b"\n") == 1000


def test_flags_stand_before_arguments_that_look_like_them() -> None:
    flags = ["--server", "127.0.0.1:1"]
    assert Operation("get", (b"--x",)).words(flags) == ["get", *flags, "--", b"--x"]
    assert Operation("get", (b"-x",)).words(flags) == ["get", *flags, b"-x"]
