"""A program's session: one read parses all frames of a chunk, one write carries a turn's commands.

No task runs per frame or per call: an event wakes who waits for it.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any, Final

from google.protobuf.message import DecodeError

from conformance.runner.call import Call
from conformance.runner.ends import Endpoint
from conformance.runner.expect import Mismatch
from conformance.runner.frames import FrameError, FrameReader, frame
from conformance.runner.process import Process, describe_exit
from conformance.runner.rpc import Rpc
from proto import session_pb2

PROTOCOL: Final = 1

# From the end of a program's standard output to its exit.
_EXIT_SECONDS: Final = 1.0


class ProtocolError(Exception):
    """The program broke the session protocol."""


class SessionLost(Exception):
    """The session ended while an answer was awaited."""


class _Output(asyncio.Protocol):
    """Hands a program's standard output to its session."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def data_received(self, data: bytes) -> None:
        self._session.read(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._session.output_ended()


class Session:
    """The runner's end of one program's session, from its start to its end.

    `lost` is called once where the program ends, breaks the protocol or is given up, with the
    reason; never after `close`. What waits for an answer to a command then ends with SessionLost;
    what waits for a call or an observation waits on: such tasks are the owner's to cancel.
    """

    def __init__(self, process: Process, lost: Callable[[str], None]) -> None:
        self.process = process
        # The first frame, once it has come.
        self.hello: asyncio.Future[session_pb2.Hello] = _future()
        # Answers that belong to nothing that waits for one: each is a defect of the program.
        self.faults: list[str] = []
        self._lost: Callable[[str], None] | None = lost
        self._reader = FrameReader()
        self._frames: list[bytes] = []
        self._commands = 0
        self._calls: dict[int, Call[Any]] = {}
        self._last_call = 0
        self._channels = 0
        self._listeners = 0
        # By command: what a Failure refuses. By listener: what waits for Listening and Stopped.
        self._refusable: dict[int, asyncio.Future[Any]] = {}
        self._listening: dict[int, asyncio.Future[int]] = {}
        self._stopped: dict[int, asyncio.Future[None]] = {}
        self._observed: defaultdict[str, deque[session_pb2.Observation]] = defaultdict(deque)
        self._observers: defaultdict[str, deque[asyncio.Future[None]]] = defaultdict(deque)
        self._loop = asyncio.get_running_loop()
        self._ending: asyncio.Task[None]
        # The pipes until `connect` has taken them over.
        self._input: asyncio.WriteTransport | None = None
        self._output: asyncio.ReadTransport | None = None

    async def connect(self) -> None:
        """Takes the program's pipes over."""
        self._input, _ = await self._loop.connect_write_pipe(
            asyncio.BaseProtocol, self.process.stdin
        )
        self._output, _ = await self._loop.connect_read_pipe(
            lambda: _Output(self), self.process.stdout
        )

    # Commands.

    @property
    def calls(self) -> int:
        """How many calls were started."""
        return self._last_call

    def send(self, command: session_pb2.Command) -> int:
        """Numbers a command and queues its frame; all frames of one loop turn leave together."""
        self._commands += 1
        command.id = self._commands
        if not self._frames:
            self._loop.call_soon(self._flush)
        self._frames.append(frame(command.SerializeToString()))
        return self._commands

    def start(
        self, rpc: Rpc, command: session_pb2.Command, kind: type[Call[Any]] = Call
    ) -> Call[Any]:
        """Numbers and starts a call of a kind."""
        self._last_call += 1
        command.start.call = self._last_call
        call = kind(self, rpc, command)
        self._calls[self._last_call] = call
        self.send(command)
        return call

    def open_channel(self, opening: session_pb2.OpenChannel) -> int:
        """Opens a channel; its number."""
        self._channels += 1
        opening.channel = self._channels
        self.send(session_pb2.Command(open_channel=opening))
        return self._channels

    def close_channel(self, channel: int) -> None:
        """Closes a channel, which cancels its calls."""
        closing = session_pb2.CloseChannel(channel=channel)
        self.send(session_pb2.Command(close_channel=closing))

    async def listen(self, listen: session_pb2.Listen) -> Endpoint:
        """Opens a listener; Mismatch with the server's reason where it refuses."""
        self._listeners += 1
        listener = listen.listener = self._listeners
        listening: asyncio.Future[int] = _future()
        self._listening[listener] = listening
        command = self.send(session_pb2.Command(listen=listen))
        port = await self._refusable_wait(command, listening)
        return Endpoint(listen.host, port, listener)

    async def stop(self, listener: int, grace: float) -> None:
        """Drains and closes a listener; returns once its calls have ended."""
        command = self.send_stop(listener, grace)
        await self._refusable_wait(command, self._stopped[listener])

    def send_stop(self, listener: int, grace: float = 0.0) -> int:
        """Closes a listener without waiting for it; the command's id."""
        self._stopped[listener] = _future()
        stop = session_pb2.Stop(listener=listener, grace_ms=round(grace * 1000))
        return self.send(session_pb2.Command(stop=stop))

    def forget(self, stores: Iterable[str]) -> None:
        """Frees stores that no call uses any more."""
        self.send(session_pb2.Command(forget=session_pb2.Forget(stores=stores)))

    async def observation(self, tag: str) -> session_pb2.Observation:
        """The next observation with a tag."""
        observed = self._observed[tag]
        while not observed:
            observer: asyncio.Future[None] = _future()
            self._observers[tag].append(observer)
            await observer
        return observed.popleft()

    def has_observed(self, tag: str) -> bool:
        """Whether an observation with a tag has come that nobody has taken."""
        return bool(self._observed.get(tag))

    async def ping(self) -> None:
        """Returns once the program has answered; an empty command must be refused."""
        refused: asyncio.Future[None] = _future()
        command = self.send(session_pb2.Command())
        try:
            await self._refusable_wait(command, refused)
        except Mismatch:
            return

    # Life.

    def give_up(self, reason: str) -> None:
        """Kills the program and reports it lost."""
        self.process.kill()
        lost, self._lost = self._lost, None
        if lost is not None:
            for waiting in self._refusable.values():
                if not waiting.done():
                    waiting.set_exception(SessionLost(reason))
            lost(reason)

    async def close(self, grace: float) -> str | None:
        """Ends the session by the end of standard input; what was wrong with the program's end."""
        self._lost = None
        self._flush()
        (self._input or self.process.stdin).close()
        problem = await self.process.end(grace)
        (self._output or self.process.stdout).close()
        return problem

    # What comes from the program.

    def read(self, chunk: bytes) -> None:
        """Takes in a chunk of standard output; whatever is no protocol ends the session."""
        try:
            for message in self._reader.feed(chunk):
                self._event(session_pb2.Event.FromString(message))
        except (FrameError, DecodeError, ProtocolError) as error:
            self.give_up(f"broke the session protocol: {error}")

    def output_ended(self) -> None:
        """Standard output has closed: the program has ended, or must."""
        if self._lost is not None:
            self._ending = self._loop.create_task(self._await_exit())

    async def _await_exit(self) -> None:
        reason = "closed its standard output without ending"
        done, _ = await asyncio.wait([self.process.exited], timeout=_EXIT_SECONDS)
        if done:
            reason = describe_exit(self.process.exited.result())
        if self._reader.pending:
            reason += f" within a frame ({self._reader.pending} bytes of it came)"
        self.give_up(reason)

    def _event(self, event: session_pb2.Event) -> None:
        kind = event.WhichOneof("event")
        if kind == "events":
            self._on_events(event.events)
        elif not self.hello.done():
            if kind != "hello":
                raise ProtocolError(f"expected Hello as the first frame, got {kind}")
            self.hello.set_result(event.hello)
        elif kind == "observed":
            self._on_observed(event.observed)
        elif kind == "failure":
            self._on_failure(event.failure)
        elif kind == "listening":
            _answer(self._listening, event.listening.listener, event.listening.port)
        elif kind == "stopped":
            _answer(self._stopped, event.stopped.listener, None)
        else:
            raise ProtocolError(f"unexpected frame: {kind or 'an Event without event'}")

    def _on_events(self, events: session_pb2.Events) -> None:
        call = self._calls.get(events.call)
        if call is None:
            known = "after its status" if 0 < events.call <= self._last_call else "never started"
            raise ProtocolError(f"Events of call {events.call}, {known}")
        call.feed(events)
        if call.ended:
            del self._calls[events.call]

    def _on_observed(self, observed: session_pb2.Observed) -> None:
        self._observed[observed.tag].append(observed.observation)
        waiting = self._observers.pop(observed.tag, ())
        for observer in waiting:
            _resolve(observer, None)

    def _on_failure(self, failure: session_pb2.Failure) -> None:
        refused = self._refusable.pop(failure.id, None)
        if refused is not None:
            if not refused.done():
                refused.set_exception(Mismatch(f"the program answered Failure: {failure.reason}"))
            return
        for call in self._calls.values():
            if any(getattr(entry, "id", 0) == failure.id for entry in call.log):
                call.refuse(failure.reason)
                return
        self.faults.append(f"Failure of command {failure.id}: {failure.reason}")

    async def _refusable_wait(self, command: int, answer: asyncio.Future[Any]) -> Any:
        self._refusable[command] = answer
        try:
            return await answer
        finally:
            self._refusable.pop(command, None)

    def _flush(self) -> None:
        if self._frames and self._input is not None and not self._input.is_closing():
            self._input.write(b"".join(self._frames))
        self._frames.clear()


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


def _resolve(future: asyncio.Future[Any], value: object) -> None:
    if not future.done():
        future.set_result(value)


def _answer(waiting: dict[int, asyncio.Future[Any]], number: int, value: object) -> None:
    if number not in waiting:
        raise ProtocolError(f"an answer for listener {number}, which waits for none")
    _resolve(waiting.pop(number), value)
