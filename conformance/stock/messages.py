"""Short names for requests of the streaming methods, and what their answers are held against."""

from typing import Final

from conformance.runner import expect
from proto import stock_pb2

# An int32 that is no order type.
UNKNOWN_TYPE: Final = 7
# The largest position, and the largest quantity an order can name.
LARGEST: Final = 2_147_483_647


def item(key: str, value: bytes) -> stock_pb2.BatchItem:
    """One item of a batch."""
    return stock_pb2.BatchItem(key=key, value=value)


def buy(symbol: str, quantity: int) -> stock_pb2.TradeOrder:
    """An order that raises a position."""
    return order(stock_pb2.TradeOrder.BUY, symbol, quantity)


def sell(symbol: str, quantity: int) -> stock_pb2.TradeOrder:
    """An order that lowers a position."""
    return order(stock_pb2.TradeOrder.SELL, symbol, quantity)


def query(symbol: str, quantity: int = 0) -> stock_pb2.TradeOrder:
    """An order that asks for a position; its quantity means nothing."""
    return order(stock_pb2.TradeOrder.QUERY, symbol, quantity)


def order(kind: int, symbol: str, quantity: int) -> stock_pb2.TradeOrder:
    """An order of any type, those without a name too."""
    return stock_pb2.TradeOrder(type=kind, symbol=symbol, quantity=quantity)  # type: ignore[arg-type]


def expect_filled(fill: stock_pb2.TradeFill, symbol: str, quantity: int, message: str) -> None:
    """Expects an order to have been carried out."""
    _expect_fill(fill, (True, symbol, quantity, message))


def expect_refused(fill: stock_pb2.TradeFill, symbol: str, message: str) -> None:
    """Expects an order to have been refused, with nothing filled."""
    _expect_fill(fill, (False, symbol, 0, message))


def _expect_fill(fill: stock_pb2.TradeFill, expected: tuple[bool, str, int, str]) -> None:
    actual = (fill.success, fill.symbol, fill.quantity_filled, fill.message)
    expect.equal(actual, expected, "fill (success, symbol, quantity_filled, message)")


def expect_put(event: stock_pb2.WatchEvent, key: str, value: bytes) -> None:
    """Expects an event to tell that a value was stored."""
    _expect_event(event, ("PUT", key, value))


def expect_delete(event: stock_pb2.WatchEvent, key: str) -> None:
    """Expects an event to tell that a key was removed."""
    _expect_event(event, ("DELETE", key, b""))


def _expect_event(event: stock_pb2.WatchEvent, expected: tuple[str, str, bytes]) -> None:
    kind = stock_pb2.WatchEvent.EventType.Name(event.type)
    expect.equal((kind, event.key, event.value), expected, "event (type, key, value)")
