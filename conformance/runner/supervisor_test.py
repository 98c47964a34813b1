"""The engine over programs that start wrongly, end wrongly, or cannot be started: what is told of them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from conformance.runner import supervisor
from conformance.runner.admission import Limits
from conformance.runner.engine import Engine
from conformance.runner.fakes.bench import getting, implementation, outcomes, reasons, run
from conformance.runner.outcome import Outcome

GOOD = implementation("good")

# How long a test may wait for a program that never does what it should; good ones must not need it.
SHORT = 2.0


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LISTEN_SECONDS", "END_SECONDS"):
        monkeypatch.setattr(supervisor, name, SHORT)


@pytest.mark.parametrize(
    ("server", "client", "outcome", "reason"),
    [
        (["exit_at_start"], [], Outcome.CRASHED, "bad server exited with 1"),
        ([], ["exit_at_start"], Outcome.CRASHED, "bad client exited with 1"),
        ([], ["no_hello"], Outcome.TIMED_OUT, "bad client did not say Hello within 2 s"),
        ([], ["garbage_for_hello"], Outcome.CRASHED, "broke the session protocol"),
        ([], ["wrong_language"], Outcome.CRASHED, "said a wrong Hello"),
        (["refuse_listen"], [], Outcome.FAILED, "answered Failure: identity: unusable"),
        (["silent_listen"], [], Outcome.TIMED_OUT, "bad server did not listen within 2 s"),
    ],
)
def test_a_bad_start_spoils_only_its_own_pairs(
    tmp_path: Path, server: Sequence[str], client: Sequence[str], outcome: Outcome, reason: str
) -> None:
    def hurry(made: Engine) -> None:
        if "no_hello" in client:
            made.programs["bad", "client"].start_limit = SHORT

    bad = implementation("bad", server, client)
    ran = run(tmp_path, [bad, GOOD], [getting("one")], made=hurry)
    for result in ran.results:
        cell = result.permutation.cell
        spoiled = (cell.server == "bad" and server) or (cell.client == "bad" and client)
        assert result.outcome is (outcome if spoiled else Outcome.PASSED)
        assert not spoiled or reason in result.reason
    assert len(ran.results) == 4


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    bad = implementation("bad")._replace(client=("/no/such/program",))
    ran = run(tmp_path, [bad], [getting("one")])
    assert outcomes(ran) == {"get_one": Outcome.CRASHED}
    assert "bad client could not be started: FileNotFoundError" in reasons(ran)["get_one"]


def test_programs_can_start_one_after_another(tmp_path: Path) -> None:
    ran = run(tmp_path, [GOOD], [getting("one")], limits=Limits(starts=1))
    assert outcomes(ran) == {"get_one": Outcome.PASSED}
    (first,), (second,) = ([*program._processes] for program in ran.programs)
    assert second.started >= first.started + ran.programs[0].start_seconds[0]


def test_a_log_tells_of_a_crash(tmp_path: Path) -> None:
    ran = run(tmp_path, [GOOD], [getting("crash")])
    assert ran.programs[1].losses[0].log_tail == "something terrible happened"


def test_a_stray_failure_is_a_problem(tmp_path: Path) -> None:
    ran = run(tmp_path, [GOOD], [getting("stray_failure")])
    assert outcomes(ran) == {"get_stray_failure": Outcome.PASSED}
    assert ran.problems == ("good client: Failure of command 999999: stray",)


def test_a_program_must_end_with_its_input(tmp_path: Path) -> None:
    bad = implementation("bad", ["outlive_input"], ["exit_badly"])
    ran = run(tmp_path, [bad], [getting("one")])
    assert ran.problems == (
        "bad server: still ran 2 s after the end of its standard input",
        "bad client: exited with 7",
    )
