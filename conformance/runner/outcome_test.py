"""Judgement: what counts, of what happened, what is claimed and what is known."""

import pytest

from conformance.runner.outcome import BAD, EXECUTED, Outcome, judge

P, F, C, T = Outcome.PASSED, Outcome.FAILED, Outcome.CRASHED, Outcome.TIMED_OUT


@pytest.mark.parametrize(
    ("raw", "unclaimed", "known", "expected"),
    [
        (P, "", None, P),
        (F, "", None, F),
        (C, "", None, C),
        (T, "", None, T),
        (P, "gzip_request by the go client", None, F),
        (F, "gzip_request by the go client", None, Outcome.UNSUPPORTED),
        (T, "gzip_request by the go client", None, Outcome.UNSUPPORTED),
        (C, "gzip_request by the go client", None, C),
        (P, "", "why", Outcome.UNEXPECTED_PASS),
        (F, "", "why", Outcome.KNOWN_FAILING),
        (T, "", "why", Outcome.KNOWN_FAILING),
        (C, "", "why", C),
        (P, "gzip_request by the go client", "why", F),
    ],
)
def test_judge(raw: Outcome, unclaimed: str, known: str | None, expected: Outcome) -> None:
    outcome, reason = judge(raw, unclaimed, known)
    assert outcome is expected
    # Whatever is made of it is explained.
    assert bool(reason) == (outcome is not raw)


def test_the_set_is_closed() -> None:
    assert set(Outcome) - BAD == {
        P,
        Outcome.KNOWN_FAILING,
        Outcome.UNSUPPORTED,
        Outcome.NOT_RUN,
    }
    assert set(Outcome) - EXECUTED == {Outcome.NOT_RUN}
