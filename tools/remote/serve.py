"""Serves a folder as a remote cache until standard input ends: `python3 -m tools.remote.serve STORE`."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from tools.remote.install import RemoteError
from tools.remote.nginx import http_cache


def main(argv: Sequence[str], given: TextIO, out: TextIO) -> int:
    """0 after the end of `given`; 1, told why, if there is no cache; 2 without a folder."""
    if len(argv) != 1 or argv[0].startswith("-"):
        print("usage: tools/remote/serve STORE", file=sys.stderr)
        return 2
    try:
        with http_cache(Path(argv[0]).absolute()) as cache:
            print(cache.writer, cache.reader, file=out, flush=True)
            given.read()
            told = cache.traffic
        print(f"cache in {argv[0]}: {told.count.text()}", file=sys.stderr)
    except (RemoteError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    # So that nginx is ended.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:], sys.stdin, sys.stdout))
