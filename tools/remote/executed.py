"""Where the spawns of a build were run."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tools.execution.log import Spawn
from tools.remote.misses import HIT

REMOTE = "remote"
_SHOWN = 20


class Places(NamedTuple):
    """Spawns of a build by what ran them, and those that were not run by workers."""

    runners: Counter[str]
    tests: frozenset[str]
    elsewhere: Sequence[str]

    def text(self) -> str:
        """One line."""
        told = ", ".join(f"{number} {runner}" for runner, number in self.runners.most_common())
        return f"{self.runners.total()} spawns: {told or 'none'}"

    def faults(self, wanted: Iterable[str]) -> list[str]:
        """What is not as it should be: a spawn that no worker ran, or a test that none ran."""
        found = [f"not run by a worker: {name}" for name in self.elsewhere[:_SHOWN]]
        missing = sorted(set(wanted) - self.tests)
        return found + [f"run by no worker: {label}" for label in missing]


def places(spawns: Iterable[Spawn]) -> Places:
    """Counts spawns. A hit in an executor that nobody uploads to was run by a worker too, earlier."""
    runners: Counter[str] = Counter()
    tests = set()
    elsewhere = []
    for spawn in spawns:
        runners[spawn.runner] += 1
        if spawn.runner not in (REMOTE, HIT):
            elsewhere.append(f"{spawn.mnemonic} of {spawn.label} ran as {spawn.runner}")
        elif spawn.mnemonic == "TestRunner" and spawn.runner == REMOTE:
            tests.add(spawn.label)
    return Places(runners, frozenset(tests), elsewhere)
