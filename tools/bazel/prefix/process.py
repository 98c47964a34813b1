"""Runs the programs that the bring-up needs (apt, dpkg-deb, patchelf), each with a deadline."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.bazel.prefix.errors import BringupError

# Both apt and dpkg-deb say more than the cause; the line with one of these marks is the one.
_CAUSES = ("E: ", "dpkg-deb: error:", "No space left on device", "Cannot write")


def require(program: str, why: str) -> None:
    """Raises BringupError unless `program` is on PATH; `why` ends its sentence."""
    if shutil.which(program) is None:
        raise BringupError(f"{program} is not on PATH: {why}")


def cause(output: str) -> str:
    """The one line of a failed program's output that says why it failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    marked = [line for line in lines if any(mark in line for mark in _CAUSES)]
    return (marked or lines or ["no output"])[0].removeprefix("E: ")


def run(command: Sequence[str], deadline: float, cwd: Path | None = None) -> str:
    """Standard output of `command`, which has `deadline` seconds; raises BringupError if it fails.

    The child inherits the descriptors that were made inheritable: it holds the lock of the cache
    directory, so that a killed bring-up leaves it locked until its children are gone as well.
    """
    environment = os.environ | {"LC_ALL": "C"}
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=deadline,
            close_fds=False,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise BringupError(f"{command[0]} did not end within {deadline:.0f} s") from expired
    except FileNotFoundError as missing:
        raise BringupError(f"{command[0]} cannot be started: {missing.strerror}") from missing
    if done.returncode != 0:
        raise BringupError(f"{Path(command[0]).name} failed: {cause(done.stderr or done.stdout)}")
    return done.stdout
