"""The Markdown summary: verdict, pairs, what is missing, what failed."""

from conformance.runner.fakes.sample import report
from conformance.runner.markdown import markdown
from conformance.runner.outcome import Outcome


def test_a_pass_is_short() -> None:
    text = markdown(report(Outcome.PASSED))
    assert text.startswith("# Conformance, profile standard: passed\n\n1 passed\n")
    assert "| go | 1 passed |" in text
    assert "| go client | grpc-go 1 | go 1 | grpc-go |  | 20 ms |" in text
    assert "Why it failed" not in text


def test_a_failure_is_told() -> None:
    text = markdown(report(Outcome.PASSED, Outcome.FAILED))
    assert text.startswith("# Conformance, profile standard: failed")
    assert "- 1 failed" in text
    assert "key_type=p256/case=case_failed: failed" in text
    assert "  --> start" in text


def test_a_missing_language_stands_out() -> None:
    missing = report(Outcome.PASSED)._replace(missing={"rust": "no | cargo"})
    assert "**rust: not run** (no \\| cargo)" in markdown(missing)


def test_what_could_not_be_asked_is_told() -> None:
    idle = report(Outcome.PASSED, Outcome.NOT_RUN)
    text = markdown(idle._replace(brought=(("go", "client"),)))
    assert "brought along\n\n- 1 times: why not_run" in text
    assert "brought along" not in markdown(idle)


def test_what_failed_together_comes_first() -> None:
    text = markdown(report(Outcome.FAILED), ["The go | server fails."])
    assert text.index("- The go \\| server fails.") < text.index("| client")
    assert "What failed together" not in markdown(report(Outcome.FAILED))
