"""The lock that lets one bring-up at a time work in a cache directory."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tools.bazel.prefix.errors import BringupError


@contextmanager
def locked(file: Path, deadline: int, waiting: Callable[[], None]) -> Iterator[None]:
    """Holds the lock `file`; calls `waiting` before it waits for another holder to end.

    Waits at most `deadline` seconds, then raises BringupError. Main thread only. Child processes
    inherit the descriptor, see process.run.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.set_inheritable(descriptor, True)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            _wait(descriptor, file, deadline)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, file: Path, deadline: int) -> None:
    def expired(_signal: int, _frame: FrameType | None) -> None:
        raise BringupError(f"another start holds {file} for more than {deadline} s")

    before = signal.signal(signal.SIGALRM, expired)
    signal.alarm(deadline)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
