"""Tallies: counted by pair, in few words, with what is bad standing out."""

from collections import Counter

from conformance.runner.fakes.sample import result
from conformance.runner.outcome import Outcome
from conformance.runner.tally import Tally, describe, pair_table


def test_counts_by_pair() -> None:
    tally = Tally([result(Outcome.PASSED), result(Outcome.FAILED), result(Outcome.PASSED)])
    assert tally.pairs == {("go", "python"): Counter({Outcome.PASSED: 2, Outcome.FAILED: 1})}
    assert (tally.clients, tally.servers) == (["go"], ["python"])


def test_what_is_bad_stands_out() -> None:
    counts = Counter({Outcome.FAILED: 2, Outcome.PASSED: 76, Outcome.UNSUPPORTED: 1})
    assert describe(counts) == "76 passed, 2 FAILED, 1 unsupported"


def test_the_table_has_a_header() -> None:
    rows = pair_table([result(Outcome.PASSED)])
    assert rows == [["client \\ server", "python"], ["go", "1 passed"]]
