"""Starts programs so that signals and exit codes are theirs."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

from soup.errors import unusable

_FORWARDED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
# Python ignores them, and what is ignored stays so in a program that is become.
_IGNORED: Final = (signal.SIGPIPE, signal.SIGXFSZ)


def become(argv: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """This process becomes the program. StockError if it cannot."""
    sys.stdout.flush()
    sys.stderr.flush()
    before = {number: signal.signal(number, signal.SIG_DFL) for number in _IGNORED}
    try:
        os.execve(argv[0], [*argv], {**environ})
    except OSError as error:
        for number, handler in before.items():
            signal.signal(number, handler)
        raise unusable(error, argv[0]) from None


def run(argv: Sequence[str], environ: Mapping[str, str], keep: Sequence[int] = ()) -> int:
    """Runs a program to its end, for who has something to do afterwards; returns its exit code.

    It is in a process group of its own and gets each signal once, from us: also a Control-C, which
    a terminal sends to all of a group. That of a signal is 128 + its number, as a shell has it.
    `keep` are descriptors that stay open in it. StockError if it cannot be started.
    """
    with _forwarding() as children:
        try:
            child = subprocess.Popen(argv, env=environ, process_group=0, pass_fds=keep)
        except OSError as error:
            raise unusable(error, argv[0]) from None
        children.adopt(child)
        code = child.wait()
    return 128 - code if code < 0 else code


class _Children:
    """Whom signals go to; those that came too early are kept."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def signal(self, number: int, _frame: FrameType | None) -> None:
        if self._child is None:
            self._early.append(number)
        else:
            self._child.send_signal(number)

    def adopt(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        for number in self._early:
            child.send_signal(number)


@contextmanager
def _forwarding() -> Iterator[_Children]:
    children = _Children()
    before = {number: signal.signal(number, children.signal) for number in _FORWARDED}
    try:
        yield children
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
