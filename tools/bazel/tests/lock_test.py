"""The lock: one holder at a time, children count, and waiting ends."""

import subprocess
import time
from pathlib import Path

import pytest

from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.lock import locked
from tools.bazel.prefix.process import run


def _unexpected() -> None:
    pytest.fail("waited for a free lock")


def test_a_free_lock_is_taken_again_and_again(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "lock", 5, _unexpected):
            pass


def test_waiting_for_another_holder_is_told_and_ends(tmp_path: Path) -> None:
    told = []
    start = time.monotonic()
    with (
        locked(tmp_path / "lock", 5, _unexpected),
        pytest.raises(BringupError, match=r"another start holds .*lock for more than 1 s"),
        locked(tmp_path / "lock", 1, lambda: told.append("waiting")),
    ):
        pytest.fail("two holders at once")
    assert told == ["waiting"]
    assert 0.9 < time.monotonic() - start < 10


def test_a_child_that_outlives_the_holder_keeps_the_lock(tmp_path: Path) -> None:
    with locked(tmp_path / "lock", 5, _unexpected):
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False)
    told = []
    with (
        pytest.raises(BringupError, match="another start"),
        locked(tmp_path / "lock", 1, lambda: told.append("waiting")),
    ):
        pytest.fail("the child held nothing")
    child.communicate(timeout=10)
    with locked(tmp_path / "lock", 5, _unexpected):
        pass


def test_run_gives_the_lock_to_its_child(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with locked(lock, 5, _unexpected):
        links = run(["sh", "-c", "readlink /proc/$$/fd/* || true"], 10.0)
    assert str(lock) in links.splitlines()
