"""Where a run's time went, taken down as it runs: intervals, and CPU seconds of every program."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

# What a run can be at, of which it is at one at any time.
LOADING: Final = "loading"
STARTING: Final = "starting"
WORKING: Final = "working"
WAITING: Final = "waiting"
IDLE: Final = "idle"
ENDING: Final = "ending"
PHASES: Final = (LOADING, STARTING, WORKING, WAITING, IDLE, ENDING)


def process_age() -> float:
    """Seconds since this process began, to a hundredth (proc(5))."""
    stat = Path("/proc/self/stat").read_text("ascii")
    # Field 22, counted behind the program's name, which may hold anything.
    ticks = int(stat.rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text("ascii").split()[0])
    return max(0.0, uptime - ticks / os.sysconf("SC_CLK_TCK"))


@dataclass
class Timeline:
    """Seconds spent in each phase, and what each program and channel took.

    loading: the runner itself loads; starting: no pair is up; working: a case that waits for
    nothing is in flight; waiting: only cases that wait on purpose are; idle: neither; ending: the
    programs end.
    """

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))
    # By program: from each start to its Hello.
    starts: dict[str, list[float]] = field(default_factory=dict)
    # By cell: what its first call took, the connection included.
    channels: dict[str, float] = field(default_factory=dict)
    # By program, the `runner` among them: CPU seconds from its start to the end of the last case.
    cpu: dict[str, float] = field(default_factory=dict)
    # The same, but from the moment the first pair was up.
    cpu_working: dict[str, float] = field(default_factory=dict)
    # By program: calls it was asked to start.
    calls: dict[str, int] = field(default_factory=dict)
    # The longest wait on purpose among the cases run.
    longest_wait: float = 0.0
    cores: int = 1
    clock: Callable[[], float] = time.monotonic
    _phase: str = STARTING

    def __post_init__(self) -> None:
        self._since = self.clock()

    def enter(self, phase: str) -> None:
        """Notes what the run is at now."""
        if phase == self._phase:
            return
        now = self.clock()
        self.seconds[self._phase] += now - self._since
        self._phase, self._since = phase, now

    def close(self) -> None:
        """Ends the last phase."""
        self.enter("")

    @property
    def wall(self) -> float:
        """Seconds from the start to the last phase entered."""
        return sum(self.seconds.values())

    @property
    def floor(self) -> float:
        """The least wall time these programs and cases allow on this machine.

        Either all cores are busy throughout, or the longest start is followed by the longest wait.
        """
        longest_start = max((max(s, default=0.0) for s in self.starts.values()), default=0.0)
        return max(sum(self.cpu.values()) / self.cores, longest_start + self.longest_wait)

    @property
    def efficiency(self) -> float:
        """Wall / floor: 1 is as good as it gets; 0 where nothing ran."""
        return self.wall / self.floor if self.floor else 0.0
