"""Decides what starts when: a few cells at once, many permutations of each, waits beside all."""

from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from conformance.runner import timeline
from conformance.runner.case import Case
from conformance.runner.cell_run import CellRun
from conformance.runner.plan import Permutation


class Limits(NamedTuple):
    """How much is in flight at once, and for how long at most."""

    # Programs that are between their start and their Hello.
    starts: int = 64
    # Cells that are being connected: a handshake is work, and takes the longer the more there are.
    connects: int = 8
    # Cells whose ordinary cases are in flight.
    cells: int = 4
    # Ordinary permutations in flight: more of them make nothing faster, and each of them slower.
    busy: int = 64
    # Permutations in flight that wait on purpose.
    waiting: int = 100
    # Permutations in flight that move a thousand messages: as many as keep two cores busy.
    bulk: int = 2
    # Servers that live for one permutation alone: programs that start keep the cores busy.
    isolated: int = 3
    # Seconds for the whole run, its end excepted.
    budget: float = 280.0


DEFAULT_LIMITS: Final = Limits()


class Admission:
    """The cells that are ready, and what of them is in flight; `begin` starts a permutation."""

    def __init__(
        self,
        limits: Limits,
        times: timeline.Timeline,
        begin: Callable[[CellRun, Permutation], None],
    ) -> None:
        self._limits = limits
        self._times = times
        self._begin = begin
        # Cells that are ready; the queues may hold others that were withdrawn.
        self._ready: set[CellRun] = set()
        self._waiting_queue: deque[CellRun] = deque()
        self._busy_queue: deque[CellRun] = deque()
        # Cells whose ordinary cases are being started.
        self._active: set[CellRun] = set()
        self._waiting = 0
        self._bulk = 0
        self._busy = 0

    def queue(self, run: CellRun) -> bool:
        """Takes a ready cell in; whether it was not in already."""
        if run in self._ready:
            return False
        self._ready.add(run)
        self._waiting_queue.append(run)
        self._busy_queue.append(run)
        return True

    def withdraw(self, run: CellRun) -> None:
        """Starts nothing more of a cell until it is queued again."""
        self._ready.discard(run)
        self._active.discard(run)

    def pump(self) -> None:
        """Starts whatever there is room for."""
        while self._waiting_queue and self._waiting < self._limits.waiting:
            self._fill(self._waiting_queue.popleft())
        while self._busy_queue and len(self._active) < self._limits.cells:
            run = self._busy_queue.popleft()
            if run in self._ready and (run.bulk or run.busy):
                self._active.add(run)
                self._fill(run)

    def left(self, run: CellRun, case: Case) -> None:
        """Takes note that a permutation has ended, and starts others in its place."""
        run.streams -= case.streams
        if case.waits:
            self._waiting -= 1
        else:
            self._busy -= 1
            run.busy_in_flight -= 1
            self._bulk -= case.bulk
            if not (run.bulk or run.busy or run.busy_in_flight):
                self._active.discard(run)
        self._fill(run)
        for other in tuple(self._active):
            self._fill(other)
        self.pump()
        self._note()

    def _fill(self, run: CellRun) -> None:
        if run not in self._ready:
            return
        while run.waiting and run.room(run.waiting[0]):
            if self._waiting >= self._limits.waiting:
                self._waiting_queue.append(run)
                break
            self._enter(run, run.waiting.popleft())
        if run in self._active:
            while run.bulk and self._bulk < self._limits.bulk and self._room(run, run.bulk[0]):
                self._enter(run, run.bulk.popleft())
            while run.busy and self._room(run, run.busy[0]):
                self._enter(run, run.busy.popleft())

    def _room(self, run: CellRun, permutation: Permutation) -> bool:
        return self._busy < self._limits.busy and run.room(permutation)

    def _enter(self, run: CellRun, permutation: Permutation) -> None:
        run.streams += permutation.case.streams
        if permutation.case.waits:
            self._waiting += 1
        else:
            self._busy += 1
            run.busy_in_flight += 1
            self._bulk += permutation.case.bulk
        self._begin(run, permutation)
        self._note()

    def _note(self) -> None:
        if self._busy:
            self._times.enter(timeline.WORKING)
        else:
            self._times.enter(timeline.WAITING if self._waiting else timeline.IDLE)
