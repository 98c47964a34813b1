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
from conformance.runner.way import Way

# Calls that may be open on a cell's channel at once; a server allows 100 on a connection.
STREAMS: Final = 80

# Times the deadline, for permutations whose programs are started for them.
_PATIENCE: Final = 3.0


class Running:
    """A permutation in flight."""

    __slots__ = ("cell", "deadline", "fate", "permutation", "run", "started", "task", "timer")

    def __init__(self, run: "CellRun", permutation: Permutation, cell: Cell, now: float) -> None:
        self.run = run
        self.permutation = permutation
        self.cell = cell
        self.started = now
        self.task: asyncio.Task[Any]
        # Seconds that it may take once it has begun, and what ends it then.
        self.deadline = permutation.case.deadline * (_PATIENCE if run.isolated else 1.0)
        self.timer: asyncio.TimerHandle | None = None
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
    # Of the third language; None for cases without a second client.
    second: Supervisor | None = None


class CellRun:
    """A cell's permutations of the same programs, in order, and the links they share."""

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
        # The client's, then the second client's; none while a program lacks.
        self.links: tuple[Link, ...] = ()
        self._stores: list[str] = []

    @property
    def title(self) -> str:
        """The cell's name, with the second client's where there is one."""
        second = self.ends.second
        return f"{self.name} with {second.name}" if second is not None else str(self.name)

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

    @property
    def isolated(self) -> bool:
        """Whether each permutation has a server process of its own."""
        return self.ends.server.drive.way is Way.FLAGS

    @property
    def manner(self) -> tuple[object, ...]:
        """On what depends whether a case can ask what it wants, beside the case."""
        ways = (end.drive.way if end is not None else None for end in self.ends)
        return self.name.config, *ways

    def supervisors(self) -> Iterator[Supervisor]:
        """The programs of the cell, each once."""
        yield from dict.fromkeys(end for end in self.ends if end is not None)

    def ready(self) -> bool:
        """Whether all programs are up and the listener is settled."""
        up = all(supervisor.end is not None for supervisor in self.supervisors())
        return up and self.listener is not None

    def greet(self) -> list[Call[Any]]:
        """Opens the cell's channels by calls of a service that nobody serves; none without a client.

        A permutation that is alone with its server has channels of its own, to be opened when it begins.
        """
        if self.ends.client is None or self.isolated:
            return []
        return [Cell(link, "").absent_get("connect") for link in self._opened()]

    def cell(self, store: str, seed: str) -> Cell:
        """What a case is given; opens the cell's channels where they are not open."""
        self._stores.append(store)
        link, *others = self._opened()
        return Cell(link, store, others[0] if others else None, seed)

    def room(self, permutation: Permutation) -> bool:
        """Whether the channel has room for the permutation's calls; always for the only one."""
        return not self.streams or self.streams + permutation.case.streams <= STREAMS

    def begun(self) -> None:
        """Takes note that the present start of the programs came to something."""
        for supervisor in self.supervisors():
            supervisor.used += 1

    def take_left(self) -> tuple[Permutation, ...]:
        """Takes out everything that was not begun; gives it back."""
        left = (*self.waiting, *self.bulk, *self.busy)
        for queue in self._queues:
            queue.clear()
        return left

    def unlink(self) -> None:
        """Closes the cell's channels and frees its stores, as far as the programs live."""
        if not self.links:
            return
        if self.ends.server.end is not None and self._stores:
            self.links[0].server.forget(self._stores)
        for link, client in zip(self.links, (self.ends.client, self.ends.second), strict=False):
            if client is not None and client.end is not None:
                link.close()
        self.links = ()
        self._stores.clear()

    def proves(self, outcome: Outcome) -> bool:
        """Whether an outcome says something of a key type: no pass does where no connection came about."""
        secured = self.name.config.key_type is not KeyType.NONE
        return self.connected or not secured or outcome is not Outcome.PASSED

    def unclaimed(
        self, permutation: Permutation, passed: bool = False, runner_grpc: bool = True
    ) -> str:
        """The first ability a permutation relies on that a program does not claim, or nothing.

        A program without a session claims nothing; what it has shown by a pass it can do. Where the
        runner itself was the client without a gRPC library, its TLS was OpenSSL, which has all key types.
        """
        if not permutation.case.relies_on and self.name.config.key_type is KeyType.NONE:
            return ""
        for ability, role in self._needs(permutation):
            supervisor: Supervisor | None = getattr(self.ends, role)
            if supervisor is None:
                if runner_grpc and ability not in RUNNER_PROGRAM.supports:
                    return f"{ability} by the runner's own client"
            elif passed and supervisor.drive.way is not Way.SESSION:
                continue
            elif supervisor.hello and ability not in supervisor.hello.supports:
                return f"{ability} by the {supervisor.name}"
        return ""

    def _needs(self, permutation: Permutation) -> Iterator[tuple[str, str]]:
        security, key_type = self.name.config
        if key_type is not KeyType.NONE:
            # Without mTLS a server only signs, which is less than what it claims.
            for role in (
                "client",
                *(["second"] if self.ends.second else ()),
                *(["server"] if security is Security.MTLS else ()),
            ):
                yield f"key_type:{key_type}", role
        for ability in permutation.case.relies_on:
            yield ability, ABILITIES[ability]

    def links_to(self, listener: Listener) -> tuple[Link, ...]:
        """Channels to a listener of the server: the client's, then the second client's."""
        second = self.ends.second
        return (
            self._link(self.ends.client, listener),
            *([self._link(second, listener)] if second is not None else ()),
        )

    def _opened(self) -> tuple[Link, ...]:
        if not self.links:
            assert isinstance(self.listener, Listener)
            self.links = self.links_to(self.listener)
        return self.links

    def _link(self, client: Supervisor | None, listener: Listener) -> Link:
        server = self.ends.server.end
        assert server is not None
        end = client.end if client is not None else None
        return Link(self.name.config, end, server, listener.endpoint, listener.material)
