"""How a call of the runner's own ended, read from what its server has sent."""

import pytest
from h2.errors import ErrorCodes

from conformance.runner.expect import Mismatch
from conformance.runner.status_code import Code
from conformance.stock.answer import Answer

HEAD = {":status": "200"}


def answer(
    *blocks: dict[str, str], reset: ErrorCodes | int | None = None, ended: bool = True
) -> Answer:
    """What came of a call."""
    made = Answer(1, "/a/b")
    made.blocks.extend(blocks)
    made.reset = reset
    made.ended = ended and reset is None
    return made


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (answer(HEAD, {"grpc-status": "0"}), "OK"),
        (answer(HEAD | {"grpc-status": "5"}), "NOT_FOUND"),
        (answer(HEAD, {"grpc-status": "99"}), "code 99"),
        (answer(HEAD, {"grpc-status": "none"}), "none"),
        (answer(HEAD, {"grpc-status": "0"}, reset=ErrorCodes.NO_ERROR), "OK"),
        (answer(reset=ErrorCodes.CANCEL), "RST_STREAM CANCEL"),
        (answer(HEAD, reset=77), "RST_STREAM 77"),
        (answer({":status": "431"}), "HTTP 431"),
        (answer(HEAD, {"grpc-status": "0"}, ended=False), ""),
    ],
)
def test_its_outcome(given: Answer, outcome: str) -> None:
    assert given.outcome == outcome
    assert given.over == bool(outcome)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (answer(HEAD, {"grpc-status": "12"}), Code.UNIMPLEMENTED),
        (answer(HEAD, {"grpc-status": "0"}, reset=ErrorCodes.CANCEL), Code.OK),
        (answer(reset=ErrorCodes.REFUSED_STREAM), Code.UNAVAILABLE),
        (answer(HEAD, reset=int(ErrorCodes.CANCEL)), Code.CANCELLED),
        (answer(HEAD, reset=77), Code.INTERNAL),
    ],
)
def test_the_code_it_stands_for(given: Answer, code: Code) -> None:
    given.expect_code(code, "a call")
    with pytest.raises(Mismatch, match="a call"):
        given.expect_code(Code.DATA_LOSS, "a call")


def test_no_status_is_no_code() -> None:
    with pytest.raises(Mismatch, match="status of a call"):
        answer({":status": "431"}).expect_code(Code.UNKNOWN, "a call")


def test_what_it_accepts() -> None:
    said = {"grpc-accept-encoding": "identity, gzip"}
    assert answer(HEAD, said | {"grpc-status": "12"}).accepts == ["identity", "gzip"]
    assert answer(HEAD, {"grpc-status": "12"}).accepts == []
