"""Calls: what is queued, what is awaited, and how each await fails where nothing can come."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from conformance.runner.call import Call
from conformance.runner.expect import Mismatch
from conformance.runner.rpc import Rpc
from proto import session_pb2, stock_pb2


class Sent(list[session_pb2.Command]):
    """A sender that only keeps what is sent."""

    def send(self, command: session_pb2.Command) -> int:
        """Keeps a command."""
        self.append(command)
        return len(self)


def a_call(rpc: Rpc = Rpc.TRADE) -> tuple[Call[Any], Sent]:
    """A started call and what it sends."""
    sent = Sent()
    start = session_pb2.Start(call=3, half_close=not rpc.streams_requests)
    return Call(sent, rpc, session_pb2.Command(id=1, start=start)), sent


def filled(quantity: int) -> session_pb2.Response:
    """One fill."""
    return session_pb2.Response(trade=stock_pb2.TradeFill(quantity_filled=quantity))


def status(code: int = 0, message: str = "") -> session_pb2.Events:
    """The end of the call."""
    return session_pb2.Events(call=3, status=session_pb2.Status(code=code, message=message))


def test_sends_are_queued_typed() -> None:
    call, sent = a_call()
    call.send(stock_pb2.TradeOrder(symbol="a"), stock_pb2.TradeOrder(symbol="b"))
    call.receive(2)
    call.half_close()
    call.cancel()
    assert [command.WhichOneof("command") for command in sent] == [
        "send",
        "receive",
        "half_close",
        "cancel",
    ]
    assert [request.trade.symbol for request in sent[0].send.requests] == ["a", "b"]
    assert sent[1].receive.credit == 2
    assert sent[0].send.call == sent[3].cancel.call == 3


def test_a_request_of_another_type_is_a_type_error() -> None:
    call, _ = a_call()
    with pytest.raises(TypeError):
        call.send(stock_pb2.GetRequest())


def test_what_has_come_is_there_at_once_and_what_comes_later_wakes() -> None:
    async def conduct() -> None:
        call, _ = a_call()
        call.feed(session_pb2.Events(call=3, headers=session_pb2.Metadata(), at_ns=5))
        assert call.has_headers
        assert await call.headers() == session_pb2.Metadata()
        two = asyncio.ensure_future(call.responses(2))
        end = asyncio.ensure_future(call.status())
        await asyncio.sleep(0)
        call.feed(session_pb2.Events(call=3, responses=[filled(1)], at_ns=7))
        await asyncio.sleep(0)
        assert not two.done()
        call.feed(session_pb2.Events(call=3, responses=[filled(2), filled(3)], at_ns=9))
        responses = await two
        assert [response.quantity_filled for response in responses] == [1, 2]
        assert call.last_ns == 9
        call.feed(status(5))
        assert (await end).code == 5
        assert (await call.response()).quantity_filled == 3
        assert call.ended

    asyncio.run(conduct())


def test_ok_ends_the_requests_and_gives_all_responses() -> None:
    async def conduct() -> None:
        call, sent = a_call()
        call.feed(session_pb2.Events(call=3, responses=[filled(1), filled(2)]))
        await call.response()
        ending = asyncio.ensure_future(call.ok())
        await asyncio.sleep(0)
        assert sent[-1].HasField("half_close")
        call.feed(status())
        assert len(await ending) == 2

    asyncio.run(conduct())


@pytest.mark.parametrize(
    ("awaited", "text"),
    [
        ("headers", "expected initial metadata, got the end, NOT_FOUND: 'gone'"),
        ("response", "expected response 1, got the end, NOT_FOUND: 'gone'"),
        ("ok", "status: expected OK, got NOT_FOUND: 'gone'"),
    ],
)
def test_an_end_without_what_is_awaited_fails(awaited: str, text: str) -> None:
    async def conduct() -> None:
        call, _ = a_call(Rpc.GET)
        waiting: Awaitable[object] = asyncio.ensure_future(getattr(call, awaited)())
        await asyncio.sleep(0)
        call.feed(status(5, "gone"))
        with pytest.raises(Mismatch, match=text):
            await waiting

    asyncio.run(conduct())


def test_a_refusal_fails_what_waits() -> None:
    async def conduct() -> None:
        call, _ = a_call()
        waiting = asyncio.ensure_future(call.status())
        await asyncio.sleep(0)
        call.refuse("no such channel")
        with pytest.raises(Mismatch, match="answered Failure: no such channel"):
            await waiting

    asyncio.run(conduct())
