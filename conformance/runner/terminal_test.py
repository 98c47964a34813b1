"""What is shown: a table on a terminal, plain lines anywhere else, and the summary."""

import io

from conformance.runner.fakes.sample import permutation, report, result
from conformance.runner.outcome import Outcome, Result
from conformance.runner.plan import Plan
from conformance.runner.terminal import open_display, summary

PLANNED = tuple(permutation(case) for case in ("a", "b"))
RESULTS = (Result(PLANNED[0], Outcome.PASSED), Result(PLANNED[1], Outcome.FAILED, "why"))


class Terminal(io.StringIO):
    """Text that is shown to a person."""

    def isatty(self) -> bool:
        """It is."""
        return True


def shown(out: io.StringIO) -> str:
    """What a display shows of two results."""
    display = open_display(Plan("standard", PLANNED, {}), out)
    for one in RESULTS:
        display.result(one)
    display.close()
    return out.getvalue()


def test_plain_lines() -> None:
    cell = "client=go/server=python/security=plaintext/key_type=none"
    assert shown(io.StringIO()).splitlines() == [
        f"FAILED {cell}/case=b: why",
        f"{cell}: 1 passed, 1 FAILED",
    ]


def test_a_live_table() -> None:
    text = shown(Terminal())
    assert "2 of 2 permutations" in text
    assert "1 passed, 1 FAILED" in text


def test_the_summary_of_a_pass_ends_with_it() -> None:
    lines = summary(report(Outcome.PASSED, Outcome.UNSUPPORTED)._replace(programs=()))
    assert lines[-1] == "PASSED: 1 passed, 1 unsupported"


def test_the_summary_tells_what_could_not_be_asked() -> None:
    brought = report(Outcome.PASSED, Outcome.NOT_RUN)._replace(brought=(("go", "client"),))
    [line] = [line for line in summary(brought) if line.startswith("not run")]
    assert line.startswith("not run, 1 times: why not_run")
    assert not [line for line in summary(report(Outcome.NOT_RUN)) if line.startswith("not run")]


def test_the_summary_of_a_failure_tells_all() -> None:
    text = "\n".join(summary(report(Outcome.PASSED, Outcome.FAILED)))
    assert "FAILED client=go/server=python/security=mtls/key_type=p256/case=case_failed" in text
    assert "checks     service.md 3" in text
    assert "  |   --> start" in text
    assert "reproduce  ./bazelw test //conformance:matrix" in text
    assert "log of the go client:\n  | a log line" in text
    assert "log of the python server:\n  | its log" in text
    assert text.endswith("failed: 1 failed\nFAILED: 1 passed, 1 failed")


def test_what_failed_together_stands_before_the_verdict() -> None:
    lines = summary(report(Outcome.FAILED), [f"The go server fails {n}." for n in range(20)])
    told = [line for line in lines if line.startswith("together: ")]
    assert told[0] == "together: The go server fails 0."
    assert len(told) == 10
    assert lines.index(told[-1]) == lines.index("failed: 1 failed") - 1


def test_a_missing_language_stands_at_the_end() -> None:
    lines = summary(report(Outcome.PASSED)._replace(missing={"rust": "no cargo"}))
    assert lines[-2] == "!!! rust: NOT RUN (no cargo)"


def test_many_failures_are_cut() -> None:
    failed = result(Outcome.FAILED)
    many = [failed._replace(permutation=permutation(f"case_{n}")) for n in range(25)]
    lines = summary(report()._replace(results=tuple(many)))
    assert "... and more in results.json" in lines
    assert len([line for line in lines if line.startswith("FAILED client=")]) == 20


def test_what_never_began_for_one_reason_is_told_once() -> None:
    lost = [Result(permutation(f"case_{n}"), Outcome.CRASHED, "it exited") for n in range(25)]
    lines = summary(report()._replace(results=tuple(lost)))
    assert "  and 24 others like it" in lines
    assert len([line for line in lines if line.startswith("CRASHED client=")]) == 1


def test_a_cell_is_told_in_few_lines() -> None:
    many = tuple(permutation(f"case_{n}") for n in range(25))
    out = io.StringIO()
    display = open_display(Plan("standard", many, {}), out)
    for one in many:
        display.result(Result(one, Outcome.CRASHED, "it exited"))
    assert len(out.getvalue().splitlines()) == 6
