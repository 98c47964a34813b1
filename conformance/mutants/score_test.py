"""Tests of the verdicts over mutants."""

import pytest

from conformance.mutants.mutant import Mutant, Role
from conformance.mutants.score import Verdict, coverage, judge, score, unkilled
from conformance.runner.case import Case
from conformance.runner.cell import Cell
from conformance.runner.config import PLAINTEXT
from conformance.runner.outcome import Outcome, Result
from conformance.runner.plan import CellName, Permutation

WRONG = Mutant("wrong", Role.SERVER, "It is wrong.", ("one",), ("two",), PLAINTEXT, lambda: None)
CELL = CellName("python", "wrong", PLAINTEXT)


def result(name: str, outcome: Outcome) -> Result:
    async def nothing(cell: Cell) -> None:
        """Is never run."""

    return Result(Permutation(CELL, Case(name, "suite", nothing, (), "none")), outcome)


def verdict(*failed: str) -> Verdict:
    return judge(WRONG, [result(name, Outcome.FAILED) for name in failed])


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.TIMED_OUT, Outcome.CRASHED])
def test_any_bad_outcome_counts_as_noticed(outcome: Outcome) -> None:
    judged = judge(WRONG, [result("one", outcome), result("other", Outcome.PASSED)])
    assert judged.caught
    assert judged.text.startswith("caught   server wrong ")
    assert judged.text.endswith("by one")


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.UNSUPPORTED])
def test_a_mutant_that_is_not_noticed_survives(outcome: Outcome) -> None:
    judged = judge(WRONG, [result("one", outcome)])
    assert not judged.caught
    assert judged.text.startswith("SURVIVED server wrong")
    assert judged.text.endswith("passed: one: It is wrong.")


def test_of_a_mutant_whose_case_was_not_run_nothing_is_known() -> None:
    judged = judge(WRONG, [result("one", Outcome.NOT_RUN)])
    assert not judged.caught
    assert judged.text.startswith("NOT RUN  server wrong")
    assert judged.text.endswith(": one")
    assert score([judged, verdict("one")]) == "mutation score: 1 of 2, 1 not run"


def test_a_case_not_run_elsewhere_does_not_excuse_a_mutant() -> None:
    survived = judge(WRONG, [result("one", Outcome.PASSED), result("other", Outcome.NOT_RUN)])
    assert survived.text.startswith("SURVIVED")


def test_what_a_mutant_disturbs_may_fail_or_not() -> None:
    assert verdict("one").caught
    assert verdict("one", "two").caught
    assert not verdict("two").caught


def test_a_failure_elsewhere_shows_that_more_is_broken_than_the_rule() -> None:
    judged = verdict("one", "elsewhere")
    assert not judged.caught
    assert judged.text.startswith("STRAYED  server wrong")
    assert "failed too: elsewhere" in judged.text


def test_the_score_counts_what_was_caught() -> None:
    assert (
        score([verdict("one"), verdict("two"), verdict("one", "two")]) == "mutation score: 2 of 3"
    )


def test_a_case_that_only_failed_beside_another_was_not_killed() -> None:
    verdicts = [verdict("one", "two"), verdict()]
    assert unkilled(verdicts, ["one", "two", "three"]) == ("two", "three")
    assert unkilled([verdict()], ["one"]) == ("one",)


def test_the_coverage_counts_cases() -> None:
    assert coverage(["one"], ["one", "two", "three", "four"]) == "cases killed: 3 of 4 (75.0%)"
    assert coverage([], ["one"]) == "cases killed: 1 of 1 (100.0%)"
