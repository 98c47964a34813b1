"""Counts results by pair, for every table that shows clients against servers."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from conformance.runner.outcome import BAD, Outcome, Result

Pair = tuple[str, str]


class Tally:
    """Outcomes by client and server, in the order they were first seen."""

    def __init__(self, results: Iterable[Result] = ()) -> None:
        self.pairs: defaultdict[Pair, Counter[Outcome]] = defaultdict(Counter)
        for result in results:
            self.add(result)

    def add(self, result: Result) -> None:
        """Counts one result more."""
        cell = result.permutation.cell
        self.pairs[cell.client, cell.server][result.outcome] += 1

    @property
    def clients(self) -> list[str]:
        """The clients of all pairs."""
        return list(dict.fromkeys(client for client, _ in self.pairs))

    @property
    def servers(self) -> list[str]:
        """The servers of all pairs."""
        return list(dict.fromkeys(server for _, server in self.pairs))


def describe(counts: Counter[Outcome]) -> str:
    """A pair's outcomes in few words: `78 passed`, `76 passed, 2 FAILED`."""
    return ", ".join(
        f"{counts[outcome]} {outcome.value.upper() if outcome in BAD else outcome.value}"
        for outcome in Outcome
        if counts[outcome]
    )


def pair_table(results: Iterable[Result]) -> list[list[str]]:
    """Rows of cells: a header with the servers, then a row for each client."""
    tally = Tally(results)
    rows = [["client \\ server", *tally.servers]]
    for client in tally.clients:
        counts = [tally.pairs.get((client, server)) for server in tally.servers]
        rows.append([client, *(describe(count) if count else "" for count in counts)])
    return rows
