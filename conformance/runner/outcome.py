"""What became of a permutation: the closed set of outcomes, and what each means for the run."""

import enum
from typing import Final, NamedTuple

from conformance.runner.plan import Permutation


class Outcome(enum.StrEnum):
    """What became of a permutation."""

    PASSED = "passed"
    # The peers did something else than the case expects, or an ability was falsely denied.
    FAILED = "failed"
    # Failed or timed out as a known failing entry says.
    KNOWN_FAILING = "known_failing"
    # Passed although a known failing entry says otherwise.
    UNEXPECTED_PASS = "unexpected_pass"
    # Relies on an ability that is not claimed, and the probe agreed.
    UNSUPPORTED = "unsupported"
    # Never started, or asked for what a program without a session cannot be told; the reason says why.
    NOT_RUN = "not_run"
    # A program ended or broke the session protocol while it ran, or could not be started.
    CRASHED = "crashed"
    # Its deadline passed, or a program stopped answering.
    TIMED_OUT = "timed_out"


# Outcomes that make the run fail by themselves.
BAD: Final = frozenset(
    {Outcome.FAILED, Outcome.UNEXPECTED_PASS, Outcome.CRASHED, Outcome.TIMED_OUT}
)

# Outcomes that show that the case was run to an end of its own.
EXECUTED: Final = frozenset(Outcome) - {Outcome.NOT_RUN}


class Result(NamedTuple):
    """The outcome of one permutation."""

    permutation: Permutation
    outcome: Outcome
    # Why, in one line; empty for a pass.
    reason: str = ""
    # Seconds from its start to its end; 0 where it was not run.
    duration: float = 0.0
    # What its calls sent and got; empty for a pass.
    transcript: str = ""


def judge(raw: Outcome, unclaimed: str, known: str | None) -> tuple[Outcome, str]:
    """The outcome that counts, with what to say of it, from what happened.

    `unclaimed` names an ability the case relies on and a program does not claim, or is empty;
    `known` is the reason of a known failing entry that matches, or None.
    """
    if unclaimed and raw is Outcome.PASSED:
        return Outcome.FAILED, f"false denial: passed without {unclaimed} being claimed"
    if unclaimed and raw in (Outcome.FAILED, Outcome.TIMED_OUT):
        return Outcome.UNSUPPORTED, f"{unclaimed} is not claimed, and the probe agreed"
    if known is not None and raw is Outcome.PASSED:
        return Outcome.UNEXPECTED_PASS, f"passed, but is listed as known failing: {known}"
    if known is not None and raw in (Outcome.FAILED, Outcome.TIMED_OUT):
        return Outcome.KNOWN_FAILING, known
    return raw, ""
