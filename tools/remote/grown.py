"""The whole matrix out of a part of it: pairs that were not measured, more configs, and more languages."""

import statistics
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tools.remote.graph import Action

Pair = tuple[str, str]


class Growth(NamedTuple):
    """What becomes more: the languages, and what a pair's test does.

    `start` are its seconds that more configs do not make more; `factor` says how many times the permutations of the
    measured run it has.
    """

    languages: int
    start: float
    factor: float


class Measured(NamedTuple):
    """A log's builds, and its tests of pairs, whose `after` are places of the builds."""

    builds: list[Action]
    tests: Mapping[Pair, Action]

    @property
    def languages(self) -> list[str]:
        """The languages that were tested with themselves."""
        return sorted(client for client, server in self.tests if client == server)


def measured(actions: Sequence[Action]) -> Measured:
    """Takes the tests of pairs out of the actions, which wait for none of them."""
    kept = [place for place, action in enumerate(actions) if not action.pair]
    places = {old: new for new, old in enumerate(kept)}
    moved = [
        action._replace(
            after=frozenset(places[before] for before in action.after if before in places)
        )
        for action in actions
    ]
    tests = {action.pair: action for action in moved if action.pair}
    return Measured([moved[place] for place in kept], tests)


def estimate(tests: Mapping[Pair, Action], pair: Pair) -> float:
    """Seconds of a pair by what either language takes with itself. ValueError where that was not measured."""
    own = [tests.get((language, language)) for language in pair]
    for language, test in zip(pair, own, strict=True):
        if test is None:
            raise ValueError(f"the log has no test of {language} with itself")
    return statistics.fmean(test.seconds for test in own if test)


def error(tests: Mapping[Pair, Action]) -> float | None:
    """How far estimates are from what was measured, on average, as a share of it; None where nothing is known."""
    known = {client for client, server in tests if client == server}
    found = [
        abs(estimate(tests, pair) / test.seconds - 1)
        for pair, test in tests.items()
        if pair[0] != pair[1] and known >= set(pair) and test.seconds
    ]
    return statistics.fmean(found) if found else None


def grown(found: Measured, growth: Growth) -> list[Action]:
    """The builds of all languages, and a test for each of their pairs.

    A language that is not there is like the mean of those that are: its longest action, then all others as one.
    """
    known = found.languages
    if not known:
        raise ValueError("the log has no test of a language with itself")
    actions = list(found.builds)
    own = {language: found.tests[language, language] for language in known}
    for number in range(growth.languages - len(known)):
        name = f"another{number + 1}"
        own[name] = _another(actions, name, [own[language] for language in known], known)
    for client, first in own.items():
        for server, second in own.items():
            test = found.tests.get((client, server))
            spent = test.seconds if test else (first.seconds + second.seconds) / 2
            label = f"//conformance:{client}_{server}"
            actions.append(
                Action(
                    label,
                    "TestRunner",
                    growth.start + max(0.0, spent - growth.start) * growth.factor,
                    {**first.inputs, **second.inputs},
                    {},
                    first.after | second.after,
                )
            )
    return actions


def _another(
    actions: list[Action], name: str, own: Sequence[Action], known: Sequence[str]
) -> Action:
    """Adds the builds of one more language; the test of it with itself."""
    spent = [
        [action.seconds for action in actions if action.language(known) == one] for one in known
    ]
    longest = statistics.fmean(max(seconds, default=0.0) for seconds in spent)
    rest = statistics.fmean(sum(seconds) for seconds in spent) - longest
    place = len(actions)
    everyones = frozenset.intersection(*(test.after for test in own))
    actions.append(
        Action(f"//{name}:layer", "Layer", longest, {}, {f"layer of {name}": 1}, frozenset())
    )
    program = {f"programs of {name}": _own_bytes(own)}
    actions.append(Action(f"//{name}:programs", "Programs", rest, {}, program, frozenset({place})))
    shared = set.intersection(*(set(test.inputs) for test in own))
    inputs = {digest: own[0].inputs[digest] for digest in shared} | program
    seconds = statistics.fmean(test.seconds for test in own)
    return Action(name, "TestRunner", seconds, inputs, {}, everyones | {place + 1})


def _own_bytes(own: Sequence[Action]) -> int:
    """Bytes that the test of a language has and that of another has not, on average."""
    shared = set.intersection(*(set(test.inputs) for test in own))
    return round(
        statistics.fmean(
            sum(size for digest, size in test.inputs.items() if digest not in shared)
            for test in own
        )
    )
