"""Failures: one line of reason, whatever went wrong."""

import asyncio

from conformance.runner.cell import Cell
from conformance.runner.expect import Mismatch
from conformance.runner.failure import reason, transcript


def test_reasons() -> None:
    assert (
        reason(Mismatch("status: expected OK, got INTERNAL")) == "status: expected OK, got INTERNAL"
    )
    assert reason(asyncio.CancelledError()) == "the case cancelled itself"
    assert reason(KeyError("x\ny")) == "KeyError: \"'x\\\\ny'\""


def test_a_transcript_tells_where_in_the_case() -> None:
    class NoCalls(Cell):
        def __init__(self) -> None:
            self._calls, self._notes = [], ["a note"]
            self._second = self._chance = None

    try:
        raise Mismatch("here")
    except Mismatch as error:
        lines = transcript(NoCalls(), error, "second client: rust").splitlines()
    company, line, note = lines
    assert (company, note) == ("second client: rust", "a note")
    assert line.startswith("at test_a_transcript_tells_where_in_the_case, line")
    assert line.endswith('raise Mismatch("here")')
