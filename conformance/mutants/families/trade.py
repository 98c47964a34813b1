"""Servers that trade wrongly: what they look at, fill and answer."""

import itertools
import time
from typing import Any

import grpc

from conformance.mutants.mutant import Role, mutant, switch
from python import store
from python.service import StockService
from python.store import Fill, Store


@mutant(
    Role.SERVER,
    "trade_sell_short_rejected",
    "trade_two_clients_conserve",
    disturbs=("trade_fills_tick_the_clock",),
)
def sells_short() -> None:
    """SELL takes a position below zero."""

    @switch(Store, "_sell")
    def sell(original: Any, self: Store, symbol: str, quantity: int) -> tuple[bool, int, str]:
        self._positions[symbol] = self._positions.get(symbol, 0) - quantity
        return True, quantity, "sold"


@mutant(Role.SERVER, "trade_position_limit")
def wraps_positions() -> None:
    """BUY past the largest position wraps around, as an int32 does."""

    @switch(Store, "_buy")
    def buy(original: Any, self: Store, symbol: str, quantity: int) -> tuple[bool, int, str]:
        position = self._positions.get(symbol, 0) + quantity
        self._positions[symbol] = (position + 2**31) % 2**32 - 2**31
        return True, quantity, "bought"


@mutant(Role.SERVER, "trade_checks_in_order", disturbs=("compression_*",))
def looks_at_the_quantity_first() -> None:
    """The quantity is looked at before symbol and type."""

    @switch(Store, "_judge")
    def judge(original: Any, self: Store, kind: int, symbol: str, quantity: int) -> Any:
        if kind != store.Order.QUERY and quantity <= 0:
            return False, 0, "quantity must be positive"
        return original(self, kind, symbol, quantity)


@mutant(Role.SERVER, "trade_two_clients_conserve")
def fills_in_two_steps() -> None:
    """Between reading a position and writing it, other fills come in."""

    @switch(Store, "trade")
    def trade(original: Any, self: Store, kind: int, symbol: str, quantity: int) -> Fill:
        before = self._positions.get(symbol, 0)
        fill: Fill = original(self, kind, symbol, quantity)
        after = self._positions.get(symbol, 0)
        time.sleep(0.001)  # the others' turn
        self._positions[symbol] = max(0, after if fill.success else before)
        return fill


@mutant(Role.SERVER, "trade_query", disturbs=("trade_*", "deadline_*", "cancel_*"))
def fills_queries() -> None:
    """QUERY answers with the order's quantity."""

    @switch(Store, "trade")
    def trade(original: Any, self: Store, kind: int, symbol: str, quantity: int) -> Fill:
        fill: Fill = original(self, kind, symbol, quantity)
        if kind != store.Order.QUERY or not fill.success:
            return fill
        return Fill(True, quantity, fill.message, fill.timestamp)


@mutant(
    Role.SERVER,
    "trade_invalid_quantity",
    disturbs=("trade_checks_in_order", "compression_*"),
)
def takes_any_quantity() -> None:
    """BUY and SELL of nothing or less are carried out."""

    @switch(Store, "_judge")
    def judge(original: Any, self: Store, kind: int, symbol: str, quantity: int) -> Any:
        if kind in (store.Order.BUY, store.Order.SELL) and quantity <= 0:
            return True, quantity, "bought" if kind == store.Order.BUY else "sold"
        return original(self, kind, symbol, quantity)


@mutant(Role.SERVER, "trade_unknown_type", "trade_checks_in_order")
def ends_at_an_unknown_type() -> None:
    """An order of an unknown type ends the stream."""

    @switch(StockService, "Trade")
    def trade(original: Any, self: StockService, orders: Any, context: Any) -> Any:
        def known() -> Any:
            for order in orders:
                if order.type not in (0, 1, 2):
                    context.abort(grpc.StatusCode.INVALID_ARGUMENT, "unknown order type")
                yield order

        return original(self, known(), context)


@mutant(Role.SERVER, "trade_thousand_orders")
def tires_of_orders() -> None:
    """A stream ends well after 500 orders."""

    @switch(StockService, "Trade")
    def trade(original: Any, self: StockService, orders: Any, context: Any) -> Any:
        return original(self, itertools.islice(orders, 500), context)


@mutant(Role.SERVER, "trade_is_no_key", disturbs=("trade_fills_tick_the_clock",))
def stores_symbols() -> None:
    """A fill is stored under its symbol too, and published."""

    @switch(Store, "trade")
    def trade(original: Any, self: Store, kind: int, symbol: str, quantity: int) -> Fill:
        fill: Fill = original(self, kind, symbol, quantity)
        if fill.success:
            self.put(symbol, b"")
        return fill


@mutant(
    Role.SERVER,
    "trade_fill_per_order",
    disturbs=("trade_*", "status_*", "cancel_*", "compression_*"),
)
def echoes_no_symbol() -> None:
    """A fill does not say which symbol it is of."""

    @switch(StockService, "Trade")
    def trade(original: Any, self: StockService, orders: Any, context: Any) -> Any:
        for fill in original(self, orders, context):
            fill.symbol = ""
            yield fill


@mutant(
    Role.SERVER,
    "trade_fills_before_half_close",
    "trade_positions_are_shared",
    "trade_half_close_then_status",
    disturbs=(
        "status_fail_after_k_bidi_stream",
        "cancel_after_first_bidi_stream",
        "compression_*",
    ),
)
def fills_at_half_close() -> None:
    """Orders are filled when the requests have ended."""

    @switch(StockService, "Trade")
    def trade(original: Any, self: StockService, orders: Any, context: Any) -> Any:
        return original(self, [*orders], context)


@mutant(Role.SERVER, "trade_symbols_are_apart", disturbs=("trade_*", "deadline_*"))
def trades_one_symbol() -> None:
    """All symbols share one position."""

    @switch(StockService, "Trade")
    def trade(original: Any, self: StockService, orders: Any, context: Any) -> Any:
        symbols = []

        def renamed() -> Any:
            for order in orders:
                symbols.append(order.symbol)
                order.symbol = order.symbol and "acme"
                yield order

        for number, fill in enumerate(original(self, renamed(), context)):
            fill.symbol = symbols[number]
            yield fill
