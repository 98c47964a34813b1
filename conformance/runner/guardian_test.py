"""The guardian: ends what is left when its input does, and nothing else."""

import subprocess
import sys
import time

import pytest

from conformance.runner import guardian


@pytest.fixture
def sleeper() -> subprocess.Popen[bytes]:
    """A process in a group of its own that does not end by itself."""
    return subprocess.Popen(["sleep", "600"], process_group=0)


def guard(text: bytes) -> int:
    """Runs a guardian that is told this."""
    command = [sys.executable, "-I", "-S", guardian.__file__]
    return subprocess.run(command, input=text, check=False, timeout=30).returncode


def test_what_is_under_guard_is_killed_after_the_grace(sleeper: subprocess.Popen[bytes]) -> None:
    began = time.monotonic()
    assert guard(b"%d\n" % sleeper.pid) == 0
    assert sleeper.wait(10) == -9
    assert time.monotonic() - began >= guardian.GRACE_SECONDS


def test_what_was_released_is_left_alone(sleeper: subprocess.Popen[bytes]) -> None:
    assert guard(b"%d\n-%d\n" % (sleeper.pid, sleeper.pid)) == 0
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait(10)


def test_what_has_ended_before_is_no_fault() -> None:
    ended = subprocess.Popen(["true"], process_group=0)
    ended.wait(10)
    assert guard(b"%d\n-%d\n" % (ended.pid, ended.pid)) == 0


def test_nothing_to_guard() -> None:
    assert guard(b"") == 0
