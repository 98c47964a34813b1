"""The actions of a build out of Bazel's execution log: how long each took, and what it waits for."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tools.execution.log import entries

_PAIR = re.compile(r"//conformance:([a-z0-9]+)_([a-z0-9]+)$")
_OF_A_LANGUAGE = re.compile(r"(?:@@?_main~|//tools/|//)([a-z]+)(?:[~/:]|$)")


class Action(NamedTuple):
    """An action: what it is for, its seconds of work, its files with their bytes by digest, and its predecessors.

    `after` has the places of the actions, in the same list, that make what this one reads.
    """

    label: str
    mnemonic: str
    seconds: float
    inputs: Mapping[str, int]
    outputs: Mapping[str, int]
    after: frozenset[int]

    @property
    def pair(self) -> tuple[str, str] | None:
        """The client and the server whose test this is."""
        found = _PAIR.match(self.label)
        return (found[1], found[2]) if found and self.mnemonic == "TestRunner" else None

    def language(self, languages: Iterable[str]) -> str:
        """The one of the languages that it builds a part of; empty for what all have."""
        found = _OF_A_LANGUAGE.match(self.label)
        return found[1] if found and found[1] in languages else ""


def graph(lines: Iterable[str]) -> list[Action]:
    """The actions of logs, each after those that it waits for. ValueError where they are none.

    Of an action that is told of twice, which a cache had the second time, that which took longer counts.
    """
    longest: dict[tuple[str, ...], _Told] = {}
    for entry in entries(lines):
        one = _Told(*_read(entry))
        name = (one.label, one.mnemonic, *sorted(entry.get("listedOutputs", ())))
        if name not in longest or longest[name].seconds < one.seconds:
            longest[name] = one
    return _graph(list(longest.values()))


def _graph(told: Sequence["_Told"]) -> list[Action]:
    paths = {path: place for place, one in enumerate(told) for path in one.made}
    # What is only linked to another path has the same digest; an empty file says nothing.
    digests = {
        digest: place
        for place, one in enumerate(told)
        for digest, size in one.made.values()
        if size
    }
    actions = []
    for place, one in enumerate(told):
        after = {paths.get(path, digests.get(digest)) for path, (digest, _) in one.read.items()}
        waits = frozenset(before for before in after if before is not None and before != place)
        files = [dict(found.values()) for found in (one.read, one.made)]
        actions.append(Action(one.label, one.mnemonic, one.seconds, files[0], files[1], waits))
    return ordered(actions)


class _Told(NamedTuple):
    label: str
    mnemonic: str
    seconds: float
    read: Mapping[str, tuple[str, int]]
    made: Mapping[str, tuple[str, int]]


def _read(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    spent = str(entry.get("metrics", {}).get("executionWallTime", "0s"))
    return (
        entry.get("targetLabel", ""),
        entry.get("mnemonic", ""),
        float(spent.removesuffix("s")),
        _files(entry.get("inputs", ())),
        _files(entry.get("actualOutputs", ())),
    )


def _files(files: Iterable[Mapping[str, Any]]) -> Mapping[str, tuple[str, int]]:
    return {
        file["path"]: (file["digest"]["hash"], int(file["digest"].get("sizeBytes", 0)))
        for file in files
        if file.get("digest", {}).get("hash")
    }


def ordered(actions: Sequence[Action]) -> list[Action]:
    """The actions in an order in which each comes after those that it waits for. ValueError where there is none."""
    places: dict[int, int] = {}
    done: list[Action] = []
    left = list(range(len(actions)))
    while left:
        ready = [place for place in left if actions[place].after <= places.keys()]
        if not ready:
            raise ValueError(f"actions wait for each other: {actions[left[0]].label}")
        for place in ready:
            action = actions[place]
            places[place] = len(done)
            done.append(action._replace(after=frozenset(places[before] for before in action.after)))
        left = [place for place in left if place not in places]
    return done
