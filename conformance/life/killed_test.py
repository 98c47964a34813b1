"""A runner that is killed at any moment leaves no process behind: no program, and nothing of its own."""

import ctypes
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from runfiles import Runfiles

from conformance.life.programs import CACHE, PATIENCE, Implementation

# How often, and within how many seconds of a run's start: before, while and after programs start.
TIMES: Final = 6
WITHIN: Final = 4.0

_PR_SET_CHILD_SUBREAPER: Final = 36


@pytest.fixture
def _orphans_come_here() -> None:
    """Makes this process the parent of all that the runner leaves behind."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0, os.strerror(ctypes.get_errno())


@pytest.mark.usefixtures("_orphans_come_here")
def test_a_killed_runner_leaves_nothing(
    of: Implementation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("LIFE_SEED") or random.randrange(2**32))
    longest, left_behind = 0.0, 0
    for number, moment in enumerate(moments(random.Random(seed))):
        if number >= TIMES and left_behind:
            break
        took, orphans = kill_at(moment, of, tmp_path / f"{number}.log")
        longest, left_behind = max(longest, took), left_behind + orphans
        text = f"killed after {moment:.3f} s, {orphans} processes gone {took:.3f} s later"
        with capsys.disabled():
            print(f"{of.language}: LIFE_SEED={seed}: {text}", file=sys.stderr)
    with capsys.disabled():
        print(f"{of.language}: LIFE_SEED={seed}: at most {longest:.3f} s", file=sys.stderr)
    assert left_behind, "no run had any process when it was killed"


def moments(chance: random.Random) -> Iterator[float]:
    """When to kill a run, in seconds from its start; the last ones are for a machine that starts nothing before."""
    for number in range(TIMES):
        # One in each part of the time, so that programs are there for some.
        yield chance.uniform(number, number + 1) * WITHIN / TIMES
    late = 2 * WITHIN
    while late < PATIENCE:
        yield late
        late *= 2


def kill_at(moment: float, of: Implementation, log: Path) -> tuple[float, int]:
    """Kills a run of the matrix after some seconds.

    In how many seconds more no process of it was left, and how many it had left behind.
    """
    runfiles = Runfiles.Create()
    assert runfiles is not None
    matrix = runfiles.Rlocation(os.environ["LIFE_MATRIX"])
    assert matrix is not None
    line = [matrix, f"--manifest={os.environ['LIFE_MANIFEST']}"]
    # Bazel's own variables would have it write reports; what fills a cache is nobody's and goes on.
    kept = {
        name: text
        for name, text in of.environment.items()
        if name != CACHE and not name.startswith(("TEST", "XML"))
    }
    with log.open("wb") as out:
        runner = subprocess.Popen(line, stdout=out, stderr=out, env=kept)
    try:
        runner.wait(moment)
    except subprocess.TimeoutExpired:
        runner.kill()
    runner.wait(PATIENCE)
    killed = time.monotonic()
    orphans = await_no_child(killed + PATIENCE)
    return time.monotonic() - killed, orphans


def await_no_child(until: float) -> int:
    """Waits until this process has no child; how many there were."""
    count = 0
    ended = {signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ended)
    try:
        while (left := until - time.monotonic()) > 0:
            try:
                if os.waitpid(-1, os.WNOHANG) == (0, 0):
                    signal.sigtimedwait(ended, left)
                else:
                    count += 1
            except ChildProcessError:
                return count
        raise AssertionError("a process is still there")
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
