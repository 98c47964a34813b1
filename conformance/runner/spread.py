"""Spreads cases that are not core over configs, and costly ones over pairs: nobody runs them everywhere."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from conformance.runner.case import Case
from conformance.runner.config import Config

# Of so many pairs one runs a costly case, where there are twice as many languages.
_MOST_PAIRS: Final = 4


class _Turns(NamedTuple):
    """Where the configs that a case fits stand, and which of them the pair with sum 0 takes."""

    places: Mapping[Config, int]
    taken: frozenset[int]
    # Of so many pairs in a row one runs the case, the first of them this one.
    pairs: int
    first: int


class Spread:
    """Chooses the configs in which a pair runs a case.

    A core case is run in all that it fits. Another is run in so many of them, which go round: with
    as many languages as configs or more, each server meets it in every config by some client, and
    each client by some server. A costly case is run by a quarter of the pairs only, so that each
    server meets it by two clients at least, and each client by two servers, not in the same config.
    What is chosen depends on names only, not on what else is run.
    """

    def __init__(
        self, times: int, configs: Sequence[Config], languages: Sequence[str], cases: Sequence[Case]
    ) -> None:
        self._turns = {
            case: turns
            for case in cases
            if (turns := _turns(case, times, configs, len(languages))) is not None
        }
        self._places = {name: place for place, name in enumerate(sorted(languages))}

    def runs(self, client: str, server: str, config: Config, case: Case) -> bool:
        """Whether a pair runs a case in a config that the case fits."""
        turns = self._turns.get(case)
        if turns is None:
            return True
        # Of a client that is no language, the runner's own, the place is that of none.
        place = self._places.get(client, len(self._places)) + self._places[server]
        round_, turn = divmod(place + turns.first, turns.pairs)
        return not turn and (turns.places[config] + round_) % len(turns.places) in turns.taken


def _turns(case: Case, times: int, configs: Sequence[Config], languages: int) -> _Turns | None:
    """None for a case that is run in all."""
    fitting = [config for config in configs if case.fits(config)]
    count = len(fitting)
    if case.core or count <= times:
        return None
    # From a place of the case's own, as far apart as can be.
    first = zlib.crc32(case.name.encode())
    taken = frozenset((first + turn * count // times) % count for turn in range(times))
    pairs = max(1, min(_MOST_PAIRS, languages // 2)) if case.costly else 1
    places = {config: place for place, config in enumerate(fitting)}
    return _Turns(places, taken, pairs, first % pairs)
