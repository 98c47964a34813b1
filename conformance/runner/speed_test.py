"""The speed program's figures: averages of a permutation, the starts left out."""

import pytest

from conformance.runner import speed
from conformance.runner.case import Case, Scope
from conformance.runner.cell import Cell
from conformance.runner.fakes.sample import report
from conformance.runner.options import Options
from conformance.runner.outcome import Outcome
from conformance.runner.plan import Plan, Selection
from conformance.runner.report import Report
from conformance.runner.run import Prepared
from conformance.runner.speed import Bench, Figures, of_a_pair


def test_figures_are_milliseconds_of_a_permutation() -> None:
    done = report(Outcome.PASSED, Outcome.PASSED)
    cpu = {"runner": 0.2, "go server": 0.3, "go client": 0.5}
    done.timeline.cpu_working.update(cpu)
    done.timeline.calls["go client"] = 9
    figures = Figures.of(done)
    # One second of work for two permutations.
    assert figures == Figures(500.0, 500.0, 250.0, 150.0, 100.0, 0.2, 4.5)
    assert figures.row("name").split() == [
        "name", "500.000", "500.000", "250.000", "150.000", "100.000", "20%", "4.5",
    ]  # fmt: skip


def test_known_failures_of_other_cases_are_no_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options("speed", "manifest", Selection(), False, (), False, 300.0)
    plan = Plan("speed", (), {})
    prepared = Prepared(options, plan, (), (), ("matches nothing",), {})
    conducted: list[Prepared] = []

    def conduct(given: Prepared, _: object) -> Report:
        conducted.append(given)
        return report(Outcome.PASSED)

    monkeypatch.setattr(speed, "prepare", lambda *_: prepared)
    monkeypatch.setattr(speed, "conduct", conduct)
    Bench(options).run((), 2)
    assert [given.stale for given in conducted] == [()]


async def nothing(_: Cell) -> None:
    """Does nothing."""


def test_a_case_of_a_third_language_is_not_the_pair_s() -> None:
    assert of_a_pair(Case("one", "s", nothing, (), "c"))
    assert not of_a_pair(Case("one", "s", nothing, (), "c", second_client=True))
    assert not of_a_pair(Case("one", "s", nothing, (), "c", scope=Scope.SERVER))
    assert not of_a_pair(Case("one", "s", nothing, (), "c", waits=1.0))
