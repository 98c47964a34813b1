"""Declares one case for each stream shape, and starts a call of each that ends well by itself."""

import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Unpack

from conformance.runner.call import Call
from conformance.runner.case import Declaration, case
from conformance.runner.cell import CallOptions
from conformance.runner.rpc import Rpc, Shape
from conformance.stock.messages import buy, item

if TYPE_CHECKING:
    from conformance.runner.cell import Cell

ShapedFunction = Callable[["Cell", Shape], Awaitable[None]]

# The method that stands for each shape.
RPC_OF: Final = {
    Shape.UNARY: Rpc.PUT,
    Shape.SERVER_STREAM: Rpc.MONITOR,
    Shape.CLIENT_STREAM: Rpc.BATCH,
    Shape.BIDI_STREAM: Rpc.TRADE,
}

# Milliseconds, for a directive's delay: longer than any case takes.
HELD_MS: Final = 60_000

STREAMS: Final = (Shape.SERVER_STREAM, Shape.CLIENT_STREAM, Shape.BIDI_STREAM)


def case_per_shape(
    *shapes: Shape, **declaration: Unpack[Declaration]
) -> Callable[[ShapedFunction], ShapedFunction]:
    """Declares a case for each shape, by default for all, named for function and shape."""

    def declare(function: ShapedFunction) -> ShapedFunction:
        for shape in shapes or Shape:
            declaration["covers"] = (RPC_OF[shape],)
            case(**declaration)(_variant(function, shape))
        return function

    return declare


def start(cell: "Cell", shape: Shape, **options: Unpack[CallOptions]) -> Call[Any]:
    """Starts a call of a shape whose requests are all sent and good.

    Left alone it ends with OK, but for the server stream: that stays open until something ends it.
    """
    if shape is Shape.UNARY:
        return cell.put("key", b"value", **options)
    if shape is Shape.SERVER_STREAM:
        return cell.monitor("", **options)
    closed = CallOptions(half_close=True, **options)
    if shape is Shape.CLIENT_STREAM:
        return cell.batch(item("key", b"value"), **closed)
    return cell.trade(buy("acme", 1), **closed)


def _variant(function: ShapedFunction, shape: Shape) -> Callable[["Cell"], Awaitable[None]]:
    @functools.wraps(function)
    async def variant(cell: "Cell") -> None:
        await function(cell, shape)

    variant.__name__ = f"{function.__name__}_{shape.value}"
    return variant
