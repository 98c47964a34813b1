"""An executor with two workers until standard input ends: `python3 -m tools.remote.workers FOLDER`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from tools.remote.executor import NAMES, executor
from tools.remote.image import image
from tools.remote.install import RemoteError


def main(argv: Sequence[str], given: TextIO, out: TextIO) -> int:
    """0 after the end of `given`; 1, told why, if there is no executor."""
    parser = argparse.ArgumentParser(prog="tools/remote/workers", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the executor keeps what it knows")
    parser.add_argument(
        "--image", type=Path, action="append", default=[], help="one more path that actions see"
    )
    parser.add_argument("--no-isolation", action="store_true", help="actions see this machine")
    options = parser.parse_args(argv)
    try:
        seen = [] if options.no_isolation else image(options.image)
        with executor(options.folder.absolute(), NAMES, seen) as running:
            print(running.endpoint, file=out, flush=True)
            given.read()
    except (RemoteError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    # So that what was started is ended.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:], sys.stdin, sys.stdout))
