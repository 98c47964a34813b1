"""Verdicts on builds: right, and with the hits that were to be."""

from pathlib import Path

import pytest

from tools.execution.log import Spawn
from tools.remote.builder import Run
from tools.remote.misses import Tally
from tools.remote.trials import Verdict, _all, _none, _some_missed, verdict

RUN = Run("", "", Path("log"), 1.0)
MISS = Spawn("//a", "X", {})


@pytest.mark.parametrize(
    ("count", "all_hit", "some_missed", "none"),
    [
        (Tally(2, 2, []), True, False, False),
        (Tally(2, 1, [MISS]), False, True, False),
        (Tally(2, 0, [MISS, MISS]), False, False, True),
        # Nothing was built: nothing is proved.
        (Tally(0, 0, []), False, False, False),
    ],
)
def test_hits_that_were_to_be(count: Tally, all_hit: bool, some_missed: bool, none: bool) -> None:
    assert (_all(count), _some_missed(count), _none(count)) == (all_hit, some_missed, none)


def test_verdicts() -> None:
    count = Tally(2, 2, [])
    assert verdict("whole", (RUN, count, []), _all) == Verdict(True, "whole: 2 of 2 hit, 1.0 s")
    wrong = verdict("whole", (RUN, count, ["a holds other bytes"]), _all)
    assert wrong == Verdict(False, "whole: 2 of 2 hit, 1.0 s: a holds other bytes")
    assert not verdict("whole", (RUN, count, []), _none).passed
