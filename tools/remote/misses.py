"""What a build took from a remote cache, and why it did not take the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tools.execution.log import Spawn

HIT = "remote cache hit"
_SHOWN = 5

Name = tuple[str, str, Sequence[str]]


class Tally(NamedTuple):
    """A build's spawns: how many there were, how many came from the cache, and those that did not."""

    total: int
    hits: int
    misses: Sequence[Spawn]

    @property
    def share(self) -> float:
        """Hits of all; nothing at all is no success."""
        return self.hits / self.total if self.total else 0.0


def tally(spawns: Iterable[Spawn]) -> Tally:
    """Counts the spawns of a log; only those that were missed are kept."""
    total = 0
    misses = []
    for spawn in spawns:
        total += 1
        if spawn.runner != HIT:
            misses.append(spawn)
    return Tally(total, total - len(misses), misses)


def name(spawn: Spawn) -> Name:
    """What a spawn is called in every build: its target, its mnemonic and what it makes."""
    return spawn.label, spawn.mnemonic, spawn.promised[:1]


def explained(misses: Sequence[Spawn], before: Iterable[Spawn]) -> list[str]:
    """A line for each miss: its label and why, by the spawns of the build that filled the cache."""
    wanted = {name(spawn) for spawn in misses}
    filled = {name(spawn): spawn for spawn in before if name(spawn) in wanted}
    return [f"{_told(miss)}: {reason(miss, filled.get(name(miss)))}" for miss in misses]


def _told(spawn: Spawn) -> str:
    made = f" ({spawn.promised[0]})" if spawn.promised else ""
    return f"{spawn.mnemonic} of {spawn.label}{made}"


def reason(miss: Spawn, before: Spawn | None) -> str:
    """Why a spawn was not taken from the cache: what of it is not as it was when the cache was filled."""
    if not miss.key:
        return f"no cache may keep it; it ran as {miss.runner}"
    if before is None:
        return "the build that filled the cache has no such action"
    if miss.key == before.key:
        return "the same key, and the cache had nothing for it"
    found = [
        *_differences("input", before.inputs, miss.inputs),
        *_differences("variable", before.environment, miss.environment),
        *_words(before.arguments, miss.arguments),
    ]
    more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return "; ".join(found[:_SHOWN]) + more if found else "another key for the same inputs"


def _differences(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            yield f"no {kind} {key}"
        elif key not in before:
            yield f"a new {kind} {key}"
        elif before[key] != after[key]:
            yield f"another {kind} {key}"


def _words(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    if len(before) != len(after):
        yield f"{len(after)} arguments for {len(before)}"
        return
    for old, new in zip(before, after, strict=True):
        if old != new:
            yield f"argument {new} for {old}"
