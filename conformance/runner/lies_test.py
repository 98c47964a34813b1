"""Programs that lie in the session protocol: each bears it alone, and the run ends in time."""

import time
from pathlib import Path
from typing import NamedTuple

import pytest

from conformance.runner import engine, supervisor
from conformance.runner.admission import Limits
from conformance.runner.engine import Run
from conformance.runner.fakes.bench import getting, implementation, run
from conformance.runner.outcome import Outcome, Result

# How long a run waits for a program that never does what it should; good ones must not need it.
SHORT = 2.0
# What a run may take that waits so for each of nine cells, on a machine that does much else.
IN_TIME = 60.0

CRASHED, TIMED_OUT = Outcome.CRASHED, Outcome.TIMED_OUT

# Cells one after another, so that nothing else is in flight when the lie is told.
ALONE = Limits(cells=1, busy=1)


class Lie(NamedTuple):
    """One lie, and what becomes of the permutations that it is told in."""

    behaviour: str
    outcome: Outcome
    reason: str


# Told by a client in mid-call: only that call bears it, and the client is started again.
IN_A_CALL = (
    Lie("crash", CRASHED, "exited with 3"),
    Lie("killed", CRASHED, "was killed by SIGKILL"),
    Lie("half_frame", CRASHED, "exited with 0 within a frame (15 bytes of it came)"),
    Lie("garbage", CRASHED, "broke the session protocol: "),
    Lie("too_long", CRASHED, "broke the session protocol: a frame of 1416782179 bytes is over"),
    Lie("long_frame", CRASHED, "broke the session protocol: a frame of 16777217 bytes is over"),
    Lie("empty_event", CRASHED, "unexpected frame: an Event without event"),
    Lie("second_hello", CRASHED, "unexpected frame: hello"),
    Lie("unknown_call", CRASHED, "never started"),
    Lie("call_zero", CRASHED, "Events of call 0, never started"),
    Lie("listening", CRASHED, "an answer for listener 7, which waits for none"),
    Lie("stopped", CRASHED, "an answer for listener 7, which waits for none"),
    Lie("close_output", CRASHED, "closed its standard output without ending"),
    Lie("hang", TIMED_OUT, "hangs: does not answer its session"),
    Lie("silent", TIMED_OUT, "still ran after 0.5 s"),
)

# Told before any call: all permutations of the program bear it.
AT_THE_START = (
    Lie("exit_at_start", CRASHED, "exited with 1"),
    Lie("no_hello", TIMED_OUT, "did not say Hello within 2 s"),
    Lie("half_hello", TIMED_OUT, "did not say Hello within 2 s"),
    Lie("garbage_for_hello", CRASHED, "broke the session protocol: "),
    Lie("ready_line", CRASHED, "broke the session protocol: "),
    Lie("answer_before_hello", CRASHED, "expected Hello as the first frame, got stopped"),
    Lie("close_output_at_start", CRASHED, "closed its standard output without ending"),
    Lie("wrong_language", CRASHED, "said a wrong Hello: "),
    Lie("wrong_protocol", CRASHED, "said a wrong Hello: "),
    Lie("wrong_role", CRASHED, "said a wrong Hello: "),
    Lie("empty_hello", CRASHED, "said a wrong Hello: "),
)

# Told by a server that is to listen.
OF_A_LISTENER = (
    Lie("refuse_listen", Outcome.FAILED, "answered Failure: identity: unusable"),
    Lie("silent_listen", TIMED_OUT, "did not listen within 2 s"),
    Lie("hang_at_listen", TIMED_OUT, "did not listen within 2 s"),
    Lie("crash_at_listen", CRASHED, "exited with 3"),
    Lie("listen_elsewhere", CRASHED, "which waits for none"),
    Lie("listen_twice", CRASHED, "an answer for listener 1, which waits for none"),
)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LISTEN_SECONDS", "PING_SECONDS", "END_SECONDS"):
        monkeypatch.setattr(supervisor, name, SHORT)


def lie(tmp_path: Path, role: str, *behaviours: str, hello: bool = True) -> Run:
    """A run of a liar with two languages that are good; that it ended in time."""

    def hurry(made: engine.Engine) -> None:
        if not hello:
            made.programs["bad", role].start_limit = SHORT

    bad = implementation("bad", **{role: behaviours})
    cases = [
        getting("before", deadline=5.0, streams=80),
        getting("lie", deadline=0.5 if role == "client" else 5.0, streams=80),
        getting("after", deadline=5.0, streams=80),
    ]
    began = time.monotonic()
    implementations = [bad, implementation("one"), implementation("two")]
    ran = run(tmp_path, implementations, cases, limits=ALONE, made=hurry)
    assert time.monotonic() - began < IN_TIME
    assert len(ran.results) == 27
    return ran


def expect_borne(result: Result, told: Lie, role: str) -> None:
    """Expects what a lie makes of a permutation."""
    assert result.outcome is told.outcome, result
    assert told.reason in result.reason
    if told.behaviour != "silent":
        assert f"bad {role} " in result.reason


def expect_untouched(ran: Run, role: str) -> None:
    """Expects all permutations without the liar to have passed."""
    for result in ran.results:
        if getattr(result.permutation.cell, role) != "bad":
            assert result.outcome is Outcome.PASSED, result


@pytest.mark.parametrize("told", IN_A_CALL, ids=lambda told: told.behaviour)
def test_a_lie_in_a_call(tmp_path: Path, told: Lie) -> None:
    ran = lie(tmp_path, "client", f"answer:{told.behaviour}")
    expect_untouched(ran, "client")
    for result in ran.results:
        if result.permutation.cell.client == "bad":
            if result.permutation.case.name == "get_lie":
                expect_borne(result, told, "client")
            else:
                assert result.outcome is Outcome.PASSED, result


@pytest.mark.parametrize("role", ["server", "client"])
@pytest.mark.parametrize("told", AT_THE_START, ids=lambda told: told.behaviour)
def test_a_lie_at_the_start(tmp_path: Path, told: Lie, role: str) -> None:
    hello = told.behaviour not in ("no_hello", "half_hello")
    ran = lie(tmp_path, role, told.behaviour, hello=hello)
    expect_untouched(ran, role)
    for result in ran.results:
        if getattr(result.permutation.cell, role) == "bad":
            expect_borne(result, told, role)


@pytest.mark.parametrize("told", OF_A_LISTENER, ids=lambda told: told.behaviour)
def test_a_lie_of_a_listener(tmp_path: Path, told: Lie) -> None:
    ran = lie(tmp_path, "server", told.behaviour)
    expect_untouched(ran, "server")
    for result in ran.results:
        if result.permutation.cell.server == "bad":
            assert result.outcome is told.outcome, result
            assert told.reason in result.reason


@pytest.mark.parametrize("role", ["server", "client"])
def test_a_log_without_end_is_nobodys_fault(tmp_path: Path, role: str) -> None:
    ran = lie(tmp_path, role, "endless_log")
    assert {result.outcome for result in ran.results} == {Outcome.PASSED}
    assert ran.problems == ()
    (logged,) = (p.log_tail() for p in ran.programs if (p.language, p.role) == ("bad", role))
    assert 0 < len(logged) < 20 * 301


@pytest.mark.parametrize("role", ["server", "client"])
@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("outlive_input", "still ran 2 s after the end of its standard input"),
        ("exit_badly", "exited with 7"),
    ],
)
def test_an_end_that_is_none_is_a_problem_of_the_run(
    tmp_path: Path, role: str, behaviour: str, reason: str
) -> None:
    ran = lie(tmp_path, role, behaviour)
    assert {result.outcome for result in ran.results} == {Outcome.PASSED}
    assert ran.problems == (f"bad {role}: {reason}",)
