"""The speed program's figures: averages of a permutation, the starts left out."""

from conformance.runner.fakes.sample import report
from conformance.runner.outcome import Outcome
from conformance.runner.speed import Figures


def test_figures_are_milliseconds_of_a_permutation() -> None:
    done = report(Outcome.PASSED, Outcome.PASSED)
    cpu = {"runner": 0.2, "go server": 0.3, "go client": 0.5}
    done.timeline.cpu_working.update(cpu)
    figures = Figures.of(done)
    # One second of work for two permutations.
    assert figures == Figures(500.0, 500.0, 250.0, 150.0, 100.0, 0.2)
    assert figures.row("name").split() == [
        "name", "500.000", "500.000", "250.000", "150.000", "100.000", "20%",
    ]  # fmt: skip
