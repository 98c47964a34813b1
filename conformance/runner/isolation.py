"""Gives each permutation a server process of its own, where nobody can name a store on a shared one."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable
from typing import Final

from conformance.runner import inexpressible
from conformance.runner.cell_run import Running
from conformance.runner.ends import Endpoint
from conformance.runner.expect import Mismatch
from conformance.runner.inexpressible import Inexpressible
from conformance.runner.link import listen_command
from conformance.runner.rehearsal import rehearse
from conformance.runner.session import Session, SessionLost
from conformance.runner.supervisor import Listener, Supervisor

# For the adapter's answers: it starts a program and gives that its own time.
_LISTEN_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 10.0


class ServerLost(Exception):
    """The permutation's own server ended, or broke the contract, while the permutation ran."""


class Isolation:
    """The permutations that run alone with their server: so many at once."""

    def __init__(self, limit: int) -> None:
        self._turns = asyncio.Semaphore(limit)
        # What cases have asked for in vain: with programs that understand no more they need not begin.
        self._known: dict[tuple[object, ...], str] = {}

    async def play(self, running: Running, begin: Callable[[Running], None]) -> None:
        """Runs a case; `begin` is told when its server is there.

        Raises what the case raises, ServerLost, and Mismatch where there is no server.
        """
        key = (running.permutation.case, *running.run.manner)
        try:
            if key not in self._known:
                await rehearse(running)
            async with self._turns:
                if (reason := self._known.get(key)) is not None:
                    raise Inexpressible(reason)
                async with _server(running):
                    begin(running)
                    await running.permutation.case.function(running.cell)
        except Exception as error:
            if (asked := inexpressible.found(error)) is not None:
                self._known[key] = str(asked)
            raise


@contextlib.asynccontextmanager
async def _server(running: Running) -> AsyncIterator[None]:
    run = running.run
    server = run.ends.server
    listener = run.listener
    if server.end is None or not isinstance(listener, Listener):
        raise SessionLost(f"{server.name} was lost")
    session = server.end.session
    command = listen_command(run.name.config, listener.material, {})
    listening = asyncio.ensure_future(session.listen(command))
    try:
        async with asyncio.timeout(_LISTEN_SECONDS):
            endpoint = await asyncio.shield(listening)
    except (asyncio.CancelledError, TimeoutError):
        # It may come to listen all the same; then nobody wants it.
        listening.add_done_callback(functools.partial(_unwanted, session))
        raise
    links = run.links_to(Listener(endpoint, listener.material))
    running.cell.move(links[0], links[1] if len(links) > 1 else None)
    try:
        yield
    finally:
        running.cell.close()
        for link in links:
            link.close()
        if _lives(server, session):
            await _stop(session, endpoint.listener)


def _unwanted(session: Session, listening: asyncio.Future[Endpoint]) -> None:
    if not listening.cancelled() and listening.exception() is None:
        session.send_stop(listening.result().listener)


def _lives(server: Supervisor, session: Session) -> bool:
    return server.end is not None and server.end.session is session


async def _stop(session: Session, listener: int) -> None:
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await session.stop(listener, 0.0)
    except Mismatch as error:
        raise ServerLost(str(error)) from error
    except TimeoutError:
        raise ServerLost(f"did not end within {_STOP_SECONDS:g} s") from None
    except SessionLost:
        return
