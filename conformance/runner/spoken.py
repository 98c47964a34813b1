"""What can be said to programs without a session: asks them that, and raises Inexpressible for the rest."""

from collections.abc import Iterable
from typing import Any, Final, Protocol

from google.protobuf.message import Message

from conformance.runner.adapter.operation import operation
from conformance.runner.call import Call
from conformance.runner.ends import Endpoint
from conformance.runner.inexpressible import Inexpressible
from conformance.runner.rpc import Rpc
from conformance.runner.session import Session
from conformance.runner.way import Way
from proto import session_pb2

# What a case asked of a server, as reasons name it.
DIRECTIVES: Final = "directives, for which a server needs --conformance"
METADATA: Final = "request metadata and so directives, for which a client needs a session"
OBSERVATIONS: Final = "observations, for which a server needs a session"
LISTENERS: Final = "listeners beside its own, for which a server needs a session"
VERSION: Final = "what the server is, for which it needs --version or a session"


class ClientEnd(Protocol):
    """What a cell asks of a client."""

    def start(self, rpc: Rpc, command: session_pb2.Command) -> Call[Any]:
        """Numbers and starts a call."""

    def open_channel(self, opening: session_pb2.OpenChannel) -> int:
        """Opens a channel; its number."""

    def close_channel(self, channel: int) -> None:
        """Closes a channel, which cancels its calls."""


class ServerEnd(Protocol):
    """What a cell asks of a server."""

    async def listen(self, listen: session_pb2.Listen) -> Endpoint:
        """Opens a listener; Mismatch with the server's reason where it refuses."""

    async def stop(self, listener: int, grace: float) -> None:
        """Drains and closes a listener; returns once its calls have ended."""

    def send_stop(self, listener: int, grace: float = 0.0) -> int:
        """Closes a listener without waiting for it; the command's id."""

    def forget(self, stores: Iterable[str]) -> None:
        """Frees stores that no call uses any more."""

    async def observation(self, tag: str) -> session_pb2.Observation:
        """The next observation with a tag."""

    def has_observed(self, tag: str) -> bool:
        """Whether an observation with a tag has come that nobody has taken."""


def client_end(session: Session, way: Way) -> ClientEnd:
    """A client as a case may use it."""
    return session if way is Way.SESSION else _Operations(session)


def server_end(session: Session, way: Way) -> ServerEnd:
    """A server as a case may use it."""
    return session if way is Way.SESSION else _Silent(session)


class _Silent:
    """A server that tells nothing beside its answers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def listen(self, listen: session_pb2.Listen) -> Endpoint:
        raise Inexpressible(LISTENERS)

    async def stop(self, listener: int, grace: float) -> None:
        raise Inexpressible(LISTENERS)

    def send_stop(self, listener: int, grace: float = 0.0) -> int:
        raise Inexpressible(LISTENERS)

    def forget(self, stores: Iterable[str]) -> None:
        """Nothing: stores live as long as their process."""

    async def observation(self, tag: str) -> session_pb2.Observation:
        raise Inexpressible(OBSERVATIONS)

    def has_observed(self, tag: str) -> bool:
        raise Inexpressible(OBSERVATIONS)


class _Operations:
    """A client that is a process for each call: it shows responses and status, once it has all requests."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.open_channel = session.open_channel
        self.close_channel = session.close_channel

    def start(self, rpc: Rpc, command: session_pb2.Command) -> Call[Any]:
        start = command.start
        for asked, what in (
            (start.wait_for_ready, "a call that waits for a connection"),
            (start.compress, "compressed requests"),
            (start.credit, "responses read at the case's pace"),
        ):
            if asked:
                raise Inexpressible(_operation_lacks(what))
        if start.metadata.entries:
            raise Inexpressible(METADATA)
        if start.half_close:
            operation(rpc, start.requests)
        return self._session.start(rpc, command, _OperationCall)


class _OperationCall(Call[Any]):
    """A call that is an operation: nothing comes of it before its requests end, and some things never."""

    __slots__ = ()

    def feed(self, events: session_pb2.Events) -> None:
        super().feed(events)
        if self.rpc is Rpc.TRADE:
            self._responses = [
                fill if isinstance(fill, _Fill) else _Fill(fill) for fill in self._responses
            ]

    def half_close(self) -> None:
        operation(self.rpc, [*self._requests()])
        super().half_close()

    def receive(self, credit: int) -> None:
        raise Inexpressible(_operation_lacks("responses read at the case's pace"))

    def cancel(self) -> None:
        raise Inexpressible(_operation_lacks("a cancelled call's status"))

    async def headers(self) -> session_pb2.Metadata:
        raise Inexpressible(_operation_lacks("initial metadata"))

    @property
    def has_headers(self) -> bool:
        raise Inexpressible(_operation_lacks("initial metadata"))

    async def _next(self, what: str) -> None:
        if self._open:
            raise Inexpressible(_operation_lacks("an answer before the requests end"))
        await super()._next(what)

    def _requests(self) -> Iterable[session_pb2.Request]:
        for entry in self.log:
            if isinstance(entry, session_pb2.Command):
                yield from entry.start.requests
                yield from entry.send.requests


class _Fill:
    """A fill as a line tells it: without its timestamp."""

    def __init__(self, fill: Message) -> None:
        self._fill = fill

    def __getattr__(self, name: str) -> Any:
        if name == "timestamp":
            raise Inexpressible(_operation_lacks("timestamps of fills"))
        return getattr(self._fill, name)


def _operation_lacks(what: str) -> str:
    return f"{what}, for which a client needs a session"
