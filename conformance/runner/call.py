"""One call of a case: sends by queueing frames, and waits for what the client's library reports."""

import asyncio
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from google.protobuf.message import Message

from conformance.runner import expect
from conformance.runner.rpc import FIELDS, Rpc
from conformance.runner.status_code import Code
from conformance.runner.transcript import transcript
from proto import session_pb2

if TYPE_CHECKING:
    from google.protobuf.internal.containers import RepeatedCompositeFieldContainer

ResponseT = TypeVar("ResponseT")


class Sender(Protocol):
    """What a call needs of the session that carries it."""

    def send(self, command: session_pb2.Command) -> int:
        """Numbers a command and queues its frame; its number."""


class Call(Generic[ResponseT]):
    """A call in progress or at its end.

    Sending never waits. Every `await` here ends with the case's deadline at the latest, fails with
    Mismatch where the call has ended without what is awaited, and may be used from several tasks.
    """

    __slots__ = (
        "_failure",
        "_headers",
        "_open",
        "_responses",
        "_sender",
        "_status",
        "_taken",
        "_waiters",
        "log",
        "number",
        "rpc",
    )

    def __init__(self, sender: Sender, rpc: Rpc, start: session_pb2.Command) -> None:
        self.number = start.start.call
        self.rpc = rpc
        # What was sent and what came, in order: the transcript's material.
        self.log: list[session_pb2.Command | session_pb2.Events] = [start]
        self._sender = sender
        self._open = not start.start.half_close
        self._headers: session_pb2.Metadata | None = None
        self._responses: list[ResponseT] = []
        self._taken = 0
        self._status: session_pb2.Status | None = None
        self._failure: str | None = None
        self._waiters: list[asyncio.Future[None]] = []

    # What the case does.

    def send(self, *requests: Message) -> None:
        """Sends more requests, of the type the method takes."""
        command = session_pb2.Command()
        command.send.call = self.number
        add_requests(command.send.requests, self.rpc, requests)
        self._send(command)

    def half_close(self) -> None:
        """Ends the requests."""
        self._open = False
        self._send(session_pb2.Command(half_close=session_pb2.HalfClose(call=self.number)))

    def receive(self, credit: int) -> None:
        """Allows `credit` more responses to be read; 0 = as fast as possible from now on."""
        receive = session_pb2.Receive(call=self.number, credit=credit)
        self._send(session_pb2.Command(receive=receive))

    def cancel(self) -> None:
        """Cancels the call; it ends with the status the client's library gives."""
        self.abandon()

    def abandon(self) -> None:
        """Cancels a call whose end nobody waits for."""
        self._send(session_pb2.Command(cancel=session_pb2.Cancel(call=self.number)))

    # What the case waits for.

    async def headers(self) -> session_pb2.Metadata:
        """Initial metadata, once it has come; fails where the call ends without (trailers only)."""
        while self._headers is None:
            await self._next("initial metadata")
        return self._headers

    async def response(self) -> ResponseT:
        """The next response that was not taken yet."""
        while self._taken == len(self._responses):
            await self._next(f"response {self._taken + 1}")
        self._taken += 1
        return self._responses[self._taken - 1]

    async def responses(self, count: int) -> list[ResponseT]:
        """The next `count` responses that were not taken yet."""
        return [await self.response() for _ in range(count)]

    async def status(self) -> session_pb2.Status:
        """How the call ended, once it has."""
        while self._status is None:
            await self._next("the status")
        return self._status

    async def ok(self) -> list[ResponseT]:
        """All responses of the call, taken ones too, once it has ended; fails unless with OK.

        Ends the requests first where that was not done yet.
        """
        if self._open:
            self.half_close()
        while self._status is None:
            await self._next("the status")
        if self._status.code:
            expect.status(self._status, Code.OK)
        return self._responses

    # What came so far.

    @property
    def ended(self) -> bool:
        """Whether the status has come."""
        return self._status is not None

    @property
    def received(self) -> list[ResponseT]:
        """All responses so far, taken ones too."""
        return self._responses

    @property
    def has_headers(self) -> bool:
        """Whether initial metadata has come."""
        return self._headers is not None

    @property
    def last_ns(self) -> int:
        """Nanoseconds on the client's clock from the start to what came last; 0 = nothing."""
        last = self.log[-1]
        if isinstance(last, session_pb2.Events):
            return last.at_ns
        came = [entry.at_ns for entry in self.log if isinstance(entry, session_pb2.Events)]
        return came[-1] if came else 0

    @property
    def transcript(self) -> str:
        """What was sent and what came, in order, a line each."""
        return transcript(self.rpc.name, self.log)

    # What the session tells.

    def feed(self, events: session_pb2.Events) -> None:
        """Takes in what the client's library gave."""
        self.log.append(events)
        if events.responses:
            field = FIELDS[self.rpc]
            self._responses += [getattr(response, field) for response in events.responses]
        if events.HasField("headers"):
            self._headers = events.headers
        if events.HasField("status"):
            self._status = events.status
        self._wake()

    def refuse(self, reason: str) -> None:
        """Takes in that the client could not obey a command of this call."""
        self._failure = reason
        self._wake()

    def _send(self, command: session_pb2.Command) -> None:
        self.log.append(command)
        self._sender.send(command)

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def _next(self, what: str) -> None:
        """Waits until something comes; fails where nothing can come any more."""
        if self._failure is not None:
            raise expect.Mismatch(f"{self.rpc.name}: the client answered Failure: {self._failure}")
        if self._status is not None:
            end = expect.show_status(self._status)
            raise expect.Mismatch(f"{self.rpc.name}: expected {what}, got the end, {end}")
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter


def add_requests(
    container: "RepeatedCompositeFieldContainer[session_pb2.Request]",
    rpc: Rpc,
    requests: tuple[Message, ...],
) -> None:
    """Puts typed messages into the requests of a command; TypeError where the type is wrong."""
    field = FIELDS[rpc]
    for request in requests:
        getattr(container.add(), field).CopyFrom(request)
