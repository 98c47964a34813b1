"""One cell of a run while it is in the engine: what is left to do, what is in flight, over what."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from conformance.runner.call import Call
from conformance.runner.case import ABILITIES
from conformance.runner.cell import Cell
from conformance.runner.config import KeyType, Security
from conformance.runner.link import RUNNER_PROGRAM, Link
from conformance.runner.outcome import Outcome
from conformance.runner.plan import CellName, Permutation
from conformance.runner.supervisor import Listener, Supervisor

# Calls that may be open on a cell's channel at once; a server allows 100 on a connection.
STREAMS: Final = 80


class Running:
    """A permutation in flight."""

    __slots__ = ("cell", "fate", "permutation", "run", "started", "task", "timer")

    def __init__(self, run: "CellRun", permutation: Permutation, cell: Cell, now: float) -> None:
        self.run = run
        self.permutation = permutation
        self.cell = cell
        self.started = now
        self.task: asyncio.Task[Any]
        self.timer: asyncio.TimerHandle
        # What it was ended with from outside, with the reason.
        self.fate: tuple[Outcome, str] | None = None

    def end(self, outcome: Outcome, reason: str) -> None:
        """Ends it with an outcome, unless it has passed; the last of several outcomes counts."""
        self.task.cancel()
        self.fate = (outcome, f"{self.fate[1]}; {reason}" if self.fate else reason)


class Ends(NamedTuple):
    """The programs of a cell."""

    server: Supervisor
    # None where the runner itself is the client.
    client: Supervisor | None
    # The server's language's client, for cases with a second client.
    second: Supervisor | None


class CellRun:
    """A cell's permutations, in order, and the link they share."""

    def __init__(self, name: CellName, permutations: Iterable[Permutation], ends: Ends) -> None:
        self.name = name
        self.ends = ends
        mine = tuple(permutations)
        # The longest wait first: it is what the run's end would wait for.
        waiting = sorted((p for p in mine if p.case.waits), key=lambda p: -p.case.waits)
        self.waiting = deque(waiting)
        self.bulk = deque(p for p in mine if p.case.bulk)
        self.busy = deque(p for p in mine if not p.case.waits and not p.case.bulk)
        self._queues = (self.waiting, self.bulk, self.busy)
        self.running: set[Running] = set()
        # Calls and ordinary permutations in flight, for admission.
        self.streams = 0
        self.busy_in_flight = 0
        # What the first call took, the connection included; 0 before.
        self.connect_seconds = 0.0
        # Whether that call found the server; True before.
        self.connected = True
        self.link: Link | None = None
        self._stores: list[str] = []

    @property
    def drained(self) -> bool:
        """Whether nothing is left and nothing in flight."""
        return not (self.left or self.running)

    @property
    def left(self) -> bool:
        """Whether anything was not begun."""
        return bool(self.waiting or self.bulk or self.busy)

    @property
    def listener(self) -> Listener | str | None:
        """What became of the server's listener for the cell's config; None = not settled."""
        return self.ends.server.listeners.get(self.name.config)

    def supervisors(self) -> Iterator[Supervisor]:
        """The programs of the cell, each once."""
        yield from dict.fromkeys(end for end in self.ends if end is not None)

    def ready(self) -> bool:
        """Whether all programs are up and the listener is settled."""
        up = all(supervisor.end is not None for supervisor in self.supervisors())
        return up and self.listener is not None

    def greet(self) -> Call[Any] | None:
        """Opens the cell's channel by a call of a service that nobody serves; None without a client."""
        if self.ends.client is None:
            return None
        if self.link is None:
            self.link = self._link(self.ends.client)
        return Cell(self.link, "").absent_get("connect")

    def cell(self, permutation: Permutation, store: str) -> Cell:
        """What the case is given; opens the cell's channel where it is not open."""
        if self.link is None:
            self.link = self._link(self.ends.client)
        second = self._link(self.ends.second) if permutation.case.second_client else None
        self._stores.append(store)
        return Cell(self.link, store, second)

    def room(self, permutation: Permutation) -> bool:
        """Whether the channel has room for the permutation's calls; always for the only one."""
        return not self.streams or self.streams + permutation.case.streams <= STREAMS

    def uses(self, permutation: Permutation, supervisor: Supervisor) -> bool:
        """Whether a permutation of this cell needs a program."""
        if permutation.case.second_client and supervisor is self.ends.second:
            return True
        return supervisor is self.ends.server or supervisor is self.ends.client

    def begun(self) -> None:
        """Takes note that the present start of the programs came to something."""
        self.ends.server.used += 1
        if self.ends.client is not None:
            self.ends.client.used += 1

    def take_left(self) -> tuple[Permutation, ...]:
        """Takes out everything that was not begun; gives it back."""
        left = (*self.waiting, *self.bulk, *self.busy)
        for queue in self._queues:
            queue.clear()
        return left

    def drop(self, supervisor: Supervisor) -> list[Permutation]:
        """Takes out what is left and needs a program that is gone; gives it back."""
        dropped: list[Permutation] = []
        for queue in self._queues:
            left = tuple(queue)
            queue.clear()
            for permutation in left:
                (dropped if self.uses(permutation, supervisor) else queue).append(permutation)
        if supervisor is self.ends.second:
            self.ends = self.ends._replace(second=None)
        return dropped

    def unlink(self) -> None:
        """Closes the cell's channel and frees its stores, as far as the programs live."""
        if self.link is None:
            return
        if self.ends.server.end is not None and self._stores:
            self.link.server.forget(self._stores)
        if self.ends.client is not None and self.ends.client.end is not None:
            self.link.close()
        self.link = None
        self._stores.clear()

    def proves(self, outcome: Outcome) -> bool:
        """Whether an outcome says something of a key type: no pass does where no connection came about."""
        secured = self.name.config.key_type is not KeyType.NONE
        return self.connected or not secured or outcome is not Outcome.PASSED

    def unclaimed(self, permutation: Permutation) -> str:
        """The first ability a permutation relies on that a program does not claim, or nothing."""
        if not permutation.case.relies_on and self.name.config.key_type is KeyType.NONE:
            return ""
        for ability, role in self._needs(permutation):
            supervisor = self.ends.server if role == "server" else self.ends.client
            if supervisor is None:
                if ability not in RUNNER_PROGRAM.supports:
                    return f"{ability} by the runner's own client"
            elif supervisor.hello and ability not in supervisor.hello.supports:
                return f"{ability} by the {supervisor.name}"
        return ""

    def _needs(self, permutation: Permutation) -> Iterator[tuple[str, str]]:
        security, key_type = self.name.config
        if key_type is not KeyType.NONE:
            yield f"key_type:{key_type}", "client"
            # Without mTLS a server only signs, which is less than what it claims.
            if security is Security.MTLS:
                yield f"key_type:{key_type}", "server"
        for ability in permutation.case.relies_on:
            yield ability, ABILITIES[ability]

    def _link(self, client: Supervisor | None) -> Link:
        server = self.ends.server.end
        listener = self.listener
        assert server is not None
        assert isinstance(listener, Listener)
        end = client.end if client is not None else None
        return Link(self.name.config, end, server, listener.endpoint, listener.material)
