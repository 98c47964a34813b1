"""Goes through the beginning of a case without any program: what it asks first may be what cannot be said."""

from typing import Any, Final, cast

from conformance.runner import inexpressible
from conformance.runner.call import Call
from conformance.runner.case import Scope
from conformance.runner.cell import Cell
from conformance.runner.cell_run import Running
from conformance.runner.ends import Endpoint
from conformance.runner.link import HOST, End, Link
from conformance.runner.rpc import Rpc
from conformance.runner.session import Session
from conformance.runner.supervisor import Listener, Supervisor
from proto import session_pb2

_NOWHERE: Final = Endpoint(HOST, 0, 0)


class _Waits(Exception):
    """The case waits for an answer: so far everything could be said."""


async def rehearse(running: Running) -> None:
    """Raises Inexpressible where a case asks for something inexpressible before it waits for an answer.

    It spares the start of a server that would be asked for nothing.
    """
    run, case = running.run, running.permutation.case
    if case.scope is Scope.SERVER or run.ends.client is None:
        return
    listener = run.listener
    if not isinstance(listener, Listener):
        return
    ends = (run.ends.client, run.ends.second)
    links = [_link(running, end, listener) for end in ends if end is not None]
    cell = Cell(links[0], "rehearsal", links[1] if len(links) > 1 else None, "rehearsal")
    try:
        await case.function(cell)
    except Exception as error:
        # Whatever else comes of it, without programs it says nothing.
        if (asked := inexpressible.found(error)) is not None:
            raise asked from error


def _link(running: Running, client: Supervisor, listener: Listener) -> Link:
    server = running.run.ends.server.end
    assert client.end is not None
    assert server is not None
    return Link(
        running.run.name.config,
        End(client.end.program, _nobody()),
        End(server.program, _nobody()),
        _NOWHERE,
        listener.material,
    )


def _nobody() -> Session:
    return cast(Session, _Nobody())


class _Nobody:
    """Who takes every command, and never answers."""

    def start(
        self, rpc: Rpc, command: session_pb2.Command, kind: type[Call[Any]] = Call
    ) -> Call[Any]:
        waiting = type(
            "_Rehearsed", (kind, _Unanswered) if kind is not Call else (_Unanswered,), {}
        )
        return cast(Call[Any], waiting(self, rpc, command))

    def send(self, command: session_pb2.Command) -> int:
        return 0

    def open_channel(self, opening: session_pb2.OpenChannel) -> int:
        return 0

    def close_channel(self, channel: int) -> None:
        return


class _Unanswered(Call[Any]):
    """A call that ends the rehearsal where its answer is awaited."""

    __slots__ = ()

    async def _next(self, what: str) -> None:
        raise _Waits
