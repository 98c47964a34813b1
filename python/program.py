"""How a program begins and ends: its standard streams, its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

OK, USAGE, INTERNAL = 0, 2, 4


def main(run: Callable[[Sequence[str]], int]) -> NoReturn:
    """Runs a program on its command line and ends the process with the exit code it gives."""
    open_streams()
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except OSError as error:  # of a standard stream: whoever opens a file handles its own
        tell(f"standard streams: {error.strerror}")
        code = INTERNAL
    # The interpreter's own end would wait for every thread, whatever a peer does to it, and for whatever
    # still reads standard input.
    os._exit(code)


def open_streams() -> None:
    """Opens the standard streams that are closed, or the next socket would become one of them.

    Standard output is opened such that writing to it fails.
    """
    for descriptor, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, flags)
    sys.stdin = sys.stdin or os.fdopen(0)
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")


def tell(reason: str, *more: str) -> None:
    """Prints a reason as one line on standard error, then what follows it."""
    try:
        print(one_line(reason), *more, sep="\n", file=sys.stderr, flush=True)
    except OSError:
        return  # nobody reads it


def one_line(text: str) -> str:
    """A text without the ends of lines that would make it several."""
    return text.replace("\n", "\\n").replace("\r", "\\r")
