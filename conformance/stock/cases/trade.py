"""Suite trade: orders and their fills on a bidirectional stream, and positions streams share."""

import asyncio
import random

from conformance.runner import expect
from conformance.runner.case import case
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc
from conformance.runner.status_code import Code
from conformance.stock.keys import INVALID_KEYS, LONGEST_KEYS, OPAQUE_KEYS, UNICODE_KEYS
from conformance.stock.messages import (
    LARGEST,
    UNKNOWN_TYPE,
    buy,
    expect_filled,
    expect_put,
    expect_refused,
    order,
    query,
    sell,
)
from conformance.stock.steps import expect_totals, subscribed
from proto import stock_pb2


@case(covers=(Rpc.TRADE,), clause="service.md: Trade", core=True)
async def trade_fill_per_order(cell: Cell) -> None:
    """Each order is answered by one fill, in order, with the order's symbol."""
    bought, other, sold = await cell.trade(buy("acme", 5), buy("other", 7), sell("acme", 2)).ok()
    expect_filled(bought, "acme", 5, "bought")
    expect_filled(other, "other", 7, "bought")
    expect_filled(sold, "acme", 2, "sold")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade", core=True)
async def trade_fills_before_half_close(cell: Cell) -> None:
    """A fill is sent as soon as its order is read, while the client may still send more."""
    trade = cell.trade()
    for quantity in (1, 2, 3):
        trade.send(buy("acme", quantity))
        expect_filled(await trade.response(), "acme", quantity, "bought")
    expect.equal(len(await trade.ok()), 3, "fills in all")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade", core=True)
async def trade_sell_short_rejected(cell: Cell) -> None:
    """Selling more than the position is refused, tells both numbers and changes nothing."""
    trade = cell.trade(sell("acme", 1), buy("acme", 5), sell("acme", 6), sell("acme", 5))
    empty, _, short, sold = await trade.ok()
    expect_refused(empty, "acme", "insufficient position: have 0, want 1")
    expect_refused(short, "acme", "insufficient position: have 5, want 6")
    expect_filled(sold, "acme", 5, "sold")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade", core=True)
async def trade_query(cell: Cell) -> None:
    """QUERY tells the position and changes nothing; it ignores the quantity."""
    trade = cell.trade(
        query("acme"), buy("acme", 5), query("acme", 3), query("acme", -1), query("other", LARGEST)
    )
    before, _, after, negative, other = await trade.ok()
    expect_filled(before, "acme", 0, "position")
    expect_filled(after, "acme", 5, "position")
    expect_filled(negative, "acme", 5, "position")
    expect_filled(other, "other", 0, "position")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade")
async def trade_invalid_quantity(cell: Cell) -> None:
    """BUY and SELL of nothing or less are refused; they change no position and end no stream."""
    wrong = (0, -1, -LARGEST - 1)
    orders = [make("acme", quantity) for make in (buy, sell) for quantity in wrong]
    *refused, position = await cell.trade(buy("acme", 5), *orders, query("acme")).ok()
    for fill in refused[1:]:
        expect_refused(fill, "acme", "quantity must be positive")
    expect_filled(position, "acme", 5, "position")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade")
async def trade_invalid_symbol(cell: Cell) -> None:
    """A symbol obeys the key rule, else the order is refused, a QUERY too; the symbol is echoed."""
    wrong = [make(symbol, 1) for symbol in INVALID_KEYS for make in (buy, sell, query)]
    for sent, fill in zip(wrong, await cell.trade(*wrong).ok(), strict=True):
        expect_refused(fill, sent.symbol, "invalid symbol")
    right = [buy(symbol, 1) for symbol in LONGEST_KEYS]
    for sent, fill in zip(right, await cell.trade(*right).ok(), strict=True):
        expect_filled(fill, sent.symbol, 1, "bought")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade")
async def trade_unknown_type(cell: Cell) -> None:
    """An order of a type that has no name is refused with the type's number; the stream goes on."""
    unknown, negative, bought = await cell.trade(
        order(UNKNOWN_TYPE, "acme", 1), order(-1, "acme", 1), buy("acme", 1)
    ).ok()
    expect_refused(unknown, "acme", f"unknown order type: {UNKNOWN_TYPE}")
    expect_refused(negative, "acme", "unknown order type: -1")
    expect_filled(bought, "acme", 1, "bought")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade")
async def trade_checks_in_order(cell: Cell) -> None:
    """What is wrong is looked for in the order symbol, type, quantity, position."""
    everything, kind, quantity = await cell.trade(
        order(UNKNOWN_TYPE, "", 0), order(UNKNOWN_TYPE, "acme", 0), sell("acme", 0)
    ).ok()
    expect_refused(everything, "", "invalid symbol")
    expect_refused(kind, "acme", f"unknown order type: {UNKNOWN_TYPE}")
    expect_refused(quantity, "acme", "quantity must be positive")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade")
async def trade_position_limit(cell: Cell) -> None:
    """A position reaches 2,147,483,647 and no further: an order beyond is refused as a whole."""
    trade = cell.trade(
        buy("acme", LARGEST),
        buy("acme", 1),
        buy("acme", LARGEST),
        query("acme"),
        sell("acme", LARGEST),
        buy("acme", 2),
        buy("acme", LARGEST - 1),
        query("acme"),
    )
    full, one, much, position, sold, _, over, last = await trade.ok()
    expect_filled(full, "acme", LARGEST, "bought")
    expect_refused(one, "acme", "position limit")
    expect_refused(much, "acme", "position limit")
    expect_filled(position, "acme", LARGEST, "position")
    expect_filled(sold, "acme", LARGEST, "sold")
    expect_refused(over, "acme", "position limit")
    expect_filled(last, "acme", 2, "position")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade")
async def trade_symbols_are_apart(cell: Cell) -> None:
    """Each symbol has a position of its own; no character of a symbol has a meaning."""
    symbols = (*UNICODE_KEYS, *OPAQUE_KEYS)
    orders = [buy(symbol, number + 1) for number, symbol in enumerate(symbols)]
    queries = [query(symbol) for symbol in symbols]
    fills = await cell.trade(*orders, *queries).ok()
    for number, fill in enumerate(fills[len(orders) :]):
        expect_filled(fill, symbols[number], number + 1, "position")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade")
async def trade_positions_are_shared(cell: Cell) -> None:
    """Positions belong to the store: streams that are open at once, and later ones, share them."""
    first, second = cell.trade(buy("acme", 5)), cell.trade()
    await first.response()
    second.send(query("acme"), sell("acme", 2))
    expect_filled(await second.response(), "acme", 5, "position")
    await second.response()
    first.send(query("acme"))
    expect_filled(await first.response(), "acme", 3, "position")
    await first.ok()
    await second.ok()
    [later] = await cell.trade(query("acme")).ok()
    expect_filled(later, "acme", 3, "position")


@case(covers=(Rpc.TRADE,), clause="service.md: Trade", second_client=True, costly=True)
async def trade_two_clients_conserve(cell: Cell) -> None:
    """A fill is atomic: what two clients racing on one symbol were told adds up in its order."""
    chance = random.Random(1)
    kinds = (buy, buy, sell, sell, query)
    orders = [chance.choice(kinds)("acme", chance.randint(1, 9)) for _ in range(200)]
    racers = [client.trade() for client in (cell, cell.second)]
    # In turns, so that both are at it all the time.
    for begin in range(0, 100, 10):
        racers[0].send(*orders[begin : begin + 10])
        racers[1].send(*orders[100 + begin : 110 + begin])
    fills = [fill for fills in await asyncio.gather(*(r.ok() for r in racers)) for fill in fills]
    expect.equal(len(fills), len(orders), "fills")
    moved = 0
    for sent, fill in sorted(zip(orders, fills, strict=True), key=lambda pair: pair[1].timestamp):
        moved = _conserve(sent, fill, moved)
    [position] = await cell.trade(query("acme")).ok()
    expect_filled(position, "acme", moved, "position")


def _conserve(sent: stock_pb2.TradeOrder, fill: stock_pb2.TradeFill, position: int) -> int:
    """The position after an order that found one; expects the fill that it must have got."""
    if sent.type == stock_pb2.TradeOrder.QUERY:
        expect_filled(fill, "acme", position, "position")
        return position
    if sent.type == stock_pb2.TradeOrder.BUY:
        expect_filled(fill, "acme", sent.quantity, "bought")
        return position + sent.quantity
    if sent.quantity > position:
        message = f"insufficient position: have {position}, want {sent.quantity}"
        expect_refused(fill, "acme", message)
        return position
    expect_filled(fill, "acme", sent.quantity, "sold")
    return position - sent.quantity


@case(covers=(Rpc.TRADE,), clause="service.md: Trade", bulk=True)
async def trade_thousand_orders(cell: Cell) -> None:
    """A thousand orders sent at once get a thousand fills, in order."""
    orders = [buy(f"symbol {number % 3}", number + 1) for number in range(1000)]
    fills = await cell.trade(*orders).ok()
    expect.equal(
        [(fill.symbol, fill.quantity_filled) for fill in fills],
        [(sent.symbol, sent.quantity) for sent in orders],
        "(symbol, quantity) of the fills",
    )


@case(covers=(Rpc.TRADE,), clause="service.md: Trade", core=True)
async def trade_half_close_then_status(cell: Cell) -> None:
    """The stream ends with OK once the requests have ended and all fills are sent, if any."""
    expect.equal(await cell.trade(half_close=True).ok(), [], "fills without an order")
    trade = cell.trade(buy("acme", 1))
    await trade.response()
    trade.send(query("acme"))
    trade.half_close()
    expect_filled(await trade.response(), "acme", 1, "position")
    expect.status(await trade.status(), Code.OK)


@case(covers=(Rpc.TRADE, Rpc.MONITOR, Rpc.PUT), clause="service.md: Trade")
async def trade_fills_tick_the_clock(cell: Cell) -> None:
    """Every fill takes a tick of the one clock, queries and refusals too, as changes do."""
    monitor = await subscribed(cell)
    ticks = []
    for filled in (buy("acme", 1), query("acme"), sell("acme", 9), buy("", 1)):
        await cell.put("key", filled.SerializeToString()).ok()
        ticks.append((await monitor.response()).timestamp)
        [fill] = await cell.trade(filled).ok()
        ticks.append(fill.timestamp)
    expect.increasing(ticks, "timestamps of changes and fills in turn")
    fills = await cell.trade(*(query("acme") for _ in range(50))).ok()
    expect.increasing([fill.timestamp for fill in fills], "timestamps of fills")


@case(covers=(Rpc.TRADE, Rpc.MONITOR, Rpc.GET, Rpc.INVENTORY), clause="service.md: Trade")
async def trade_is_no_key(cell: Cell) -> None:
    """A symbol is no key, and a fill is no event: nothing is stored and nobody is told."""
    monitor = await subscribed(cell)
    await cell.trade(buy("acme", 1)).ok()
    expect.status(await cell.get("acme").status(), Code.NOT_FOUND)
    await expect_totals(cell, 0, 0)
    await cell.put("key", b"value").ok()
    expect_put(await monitor.response(), "key", b"value")
