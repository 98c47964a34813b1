"""What the guest keeps: values, positions and subscribers, all on one event loop."""

import asyncio
import time
from typing import Final, NamedTuple

from proto import stock_pb2

KEY_BYTES: Final = 1024
QUEUE_EVENTS: Final = 1024
MAX_POSITION: Final = 2**31 - 1


def is_key(text: str) -> bool:
    """Whether a text obeys the key rule."""
    return 0 < len(text.encode()) <= KEY_BYTES and "\0" not in text


class Subscriber(NamedTuple):
    """Who is told of changes; None in the queue's place of an event says that it was too slow."""

    prefix: str
    events: asyncio.Queue[stock_pb2.WatchEvent]
    overflown: asyncio.Event


class Store:
    """Values by key and positions by symbol. Keys are judged by whoever calls."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.positions: dict[str, int] = {}
        self._subscribers: list[Subscriber] = []
        self._last = 0

    def put(self, key: str, value: bytes) -> None:
        """Stores a value."""
        self.values[key] = value
        self._publish(stock_pb2.WatchEvent.PUT, key, value)

    def delete(self, key: str) -> None:
        """Removes a key; KeyError where there is none."""
        del self.values[key]
        self._publish(stock_pb2.WatchEvent.DELETE, key, b"")

    def subscribe(self, prefix: str) -> Subscriber:
        """Tells of every later change under a prefix, until `forget`."""
        subscriber = Subscriber(prefix, asyncio.Queue(QUEUE_EVENTS), asyncio.Event())
        self._subscribers.append(subscriber)
        return subscriber

    def forget(self, subscriber: Subscriber) -> None:
        """Tells no more."""
        self._subscribers = [other for other in self._subscribers if other is not subscriber]

    def fill(self, order: stock_pb2.TradeOrder) -> stock_pb2.TradeFill:
        """Carries out an order, or refuses it."""
        filled, message = self._judge(order)
        return stock_pb2.TradeFill(
            success=filled is not None,
            symbol=order.symbol,
            quantity_filled=filled or 0,
            message=message,
            timestamp=self._tick(),
        )

    def _judge(self, order: stock_pb2.TradeOrder) -> tuple[int | None, str]:
        """The quantity that was filled, None for a refusal, and the message."""
        position = self.positions.get(order.symbol, 0)
        if refusal := _refusal(order, position):
            return None, refusal
        if order.type == stock_pb2.TradeOrder.QUERY:
            return position, "position"
        sold = order.type == stock_pb2.TradeOrder.SELL
        self.positions[order.symbol] = position + (-order.quantity if sold else order.quantity)
        return order.quantity, "sold" if sold else "bought"

    def _tick(self) -> int:
        self._last = max(time.time_ns(), self._last + 1)
        return self._last

    def _publish(
        self, kind: stock_pb2.WatchEvent.EventType.ValueType, key: str, value: bytes
    ) -> None:
        event = stock_pb2.WatchEvent(type=kind, key=key, value=value, timestamp=self._tick())
        for subscriber in self._subscribers:
            if not key.startswith(subscriber.prefix):
                continue
            try:
                subscriber.events.put_nowait(event)
            except asyncio.QueueFull:
                subscriber.overflown.set()


def _refusal(order: stock_pb2.TradeOrder, position: int) -> str:
    """Why an order is refused; empty where it is not."""
    kinds = stock_pb2.TradeOrder.OrderType
    bought = position + order.quantity
    refusals = (
        (not is_key(order.symbol), "invalid symbol"),
        (order.type not in kinds.values(), f"unknown order type: {order.type}"),
        (order.type == stock_pb2.TradeOrder.QUERY, ""),
        (order.quantity <= 0, "quantity must be positive"),
        (order.type == stock_pb2.TradeOrder.BUY and bought > MAX_POSITION, "position limit"),
        (
            order.type == stock_pb2.TradeOrder.SELL and position < order.quantity,
            f"insufficient position: have {position}, want {order.quantity}",
        ),
    )
    return next((message for refused, message in refusals if refused), "")
