"""Connects a cell before its first case, so that no case's deadline has to allow for the handshake."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Final

from conformance.runner.call import Call
from conformance.runner.cell_run import CellRun
from conformance.runner.expect import Mismatch
from conformance.runner.status_code import Code

# A cell that is not connected by then goes ahead: its cases tell why.
CONNECT_SECONDS: Final = 30.0


class Connecting:
    """The cells that are being connected; `connected` is told of each, whether it came to something or not.

    `close` must be called at the end.
    """

    def __init__(self, limit: int, connected: Callable[[CellRun], None]) -> None:
        """At most `limit` cells are connected at once, in the order in which they are given."""
        self._turns = asyncio.Semaphore(limit)
        self._connected = connected
        self._tasks: dict[CellRun, asyncio.Task[None]] = {}

    def __contains__(self, run: CellRun) -> bool:
        """Whether a cell is being connected."""
        return run in self._tasks

    def connect(self, run: CellRun) -> None:
        """Connects a cell that is ready, unless that is being done."""
        if run not in self._tasks:
            task = asyncio.ensure_future(self._connect(run))
            self._tasks[run] = task
            task.add_done_callback(lambda _: self._done(run, task))

    def withdraw(self, run: CellRun) -> None:
        """Forgets a cell whose programs were lost; it may be given again."""
        if task := self._tasks.pop(run, None):
            task.cancel()

    def close(self) -> None:
        """Forgets all cells."""
        for run in tuple(self._tasks):
            self.withdraw(run)

    async def _connect(self, run: CellRun) -> None:
        async with self._turns:
            calls = run.greet()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CONNECT_SECONDS):
                    run.connected = all([await _found(call) for call in calls])
            for call in calls:
                if not call.ended:
                    run.connected = False
                    call.cancel()
            if all(call.ended for call in calls):
                run.connect_seconds = max((call.last_ns for call in calls), default=0) / 1e9

    def _done(self, run: CellRun, task: asyncio.Task[None]) -> None:
        if self._tasks.get(run) is not task:
            return
        del self._tasks[run]
        # What nobody foresaw must not leave the cell without an end; the loop's handler has the error.
        if error := task.exception():
            raise error
        self._connected(run)


async def _found(call: Call[Any]) -> bool:
    """Whether a call has reached a server, once it has ended."""
    with contextlib.suppress(Mismatch):
        return (await call.status()).code == Code.UNIMPLEMENTED
    return False
