"""Expectations: silent where they hold, and where not they say what, expected and got."""

from collections.abc import Callable

import pytest

from conformance.runner import expect
from conformance.runner.expect import Mismatch
from conformance.runner.status_code import Code, code_name
from proto import session_pb2

NOT_FOUND = session_pb2.Status(code=5, message="gone")


def test_what_holds_is_silent() -> None:
    expect.equal(1, 1, "one")
    expect.true(True, "truth")
    expect.between(1.0, 1.0, 2.0, "seconds")
    expect.contains(b"abc", b"b", "bytes")
    expect.increasing([1, 2, 5], "numbers")
    expect.status(NOT_FOUND, Code.NOT_FOUND)
    expect.status(NOT_FOUND, Code.NOT_FOUND, "gone")


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        (lambda: expect.equal(b"a", b"b", "value"), "value: expected b'b', got b'a'"),
        (lambda: expect.true(False, "two events"), "expected two events"),
        (lambda: expect.between(3, 1, 2, "seconds"), "seconds: expected 1 to 2, got 3"),
        (lambda: expect.contains([1], 2, "list"), "list: expected 2 within, got [1]"),
        (
            lambda: expect.increasing([2, 2], "ticks"),
            "ticks: expected a value greater than 2, got 2",
        ),
        (lambda: expect.status(NOT_FOUND, Code.OK), "status: expected OK, got NOT_FOUND: 'gone'"),
        (
            lambda: expect.status(NOT_FOUND, Code.NOT_FOUND, "lost"),
            "status: expected NOT_FOUND: 'lost', got NOT_FOUND: 'gone'",
        ),
        (lambda: expect.equal("x" * 999, "", "text"), "... (999 long)"),
    ],
)
def test_what_does_not_hold_is_told(broken: Callable[[], None], text: str) -> None:
    with pytest.raises(Mismatch) as failure:
        broken()
    assert text in str(failure.value)


def test_values_of_a_name_keep_their_order() -> None:
    entries = [
        session_pb2.Header(name=n, value=v) for n, v in (("a", b"1"), ("b", b"2"), ("a", b""))
    ]
    assert expect.values(session_pb2.Metadata(entries=entries), "a") == [b"1", b""]


def test_codes_have_names() -> None:
    assert code_name(16) == "UNAUTHENTICATED"
    assert code_name(17) == "code 17"
    assert [code.value for code in Code] == list(range(17))
