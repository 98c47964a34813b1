"""Running a program of the host: what comes back, and the one line when it fails."""

import pytest

from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.process import cause, require, run


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("W: old key\nE: Unable to locate package x\nE: more", "Unable to locate package x"),
        ("tar: ./a: Cannot write: No space left on device\ntar: exiting", "tar: ./a: Cannot write"),
        ("\nsomething else\nlast\n", "something else"),
        ("", "no output"),
    ],
)
def test_the_cause_is_one_line(output: str, expected: str) -> None:
    assert cause(output).startswith(expected)
    assert "\n" not in cause(output)


def test_standard_output_comes_back() -> None:
    assert run(["printf", "a\\nb"], 10.0) == "a\nb"


def test_a_failure_tells_the_program_and_the_cause() -> None:
    with pytest.raises(BringupError, match=r"^sh failed: no such thing$"):
        run(["sh", "-c", "echo E: no such thing >&2; exit 3"], 10.0)


def test_a_program_that_hangs_is_ended() -> None:
    with pytest.raises(BringupError, match="tail did not end within 0 s"):
        run(["tail", "-f", "/dev/null"], 0.1)


def test_a_missing_program_is_named() -> None:
    with pytest.raises(BringupError, match="no-such-program cannot be started"):
        run(["no-such-program"], 1.0)
    with pytest.raises(BringupError, match="no-such-program is not on PATH: install it"):
        require("no-such-program", "install it")
