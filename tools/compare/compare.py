"""Measures what a case costs in connectrpc's conformance runner and in this one, in turns.

Both run Go's client against Go's server in plaintext. What starting costs is left out on both
sides: there by the difference between all cases and one, here by the runner's own account.
"""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tools.execution.workspace import ROOT, cache

_VERSION = "v1.0.7"
_PROGRAMS = ("connectconformance", "grpcclient", "grpcserver")
_DEADLINE = 600.0
"""Seconds for one command."""

# The suites that look at what these cases of ours look at: calls, their ends, their metadata.
_THEIRS = ("Basic/**", "Errors/**", "Duplicate Metadata/**")
_THEIRS_ONE = (
    "Basic/HTTPVersion:2/Protocol:PROTOCOL_GRPC/Codec:CODEC_PROTO/"
    "Compression:COMPRESSION_IDENTITY/TLS:false/unary/success"
)
_OURS = ("unary_*", "status_*", "metadata_*")

_CONFIG = """\
features:
  versions: [HTTP_VERSION_2]
  protocols: [PROTOCOL_GRPC]
  codecs: [CODEC_PROTO]
  compressions: [COMPRESSION_IDENTITY, COMPRESSION_GZIP]
  supports_h2c: true
  supports_tls: false
  supports_trailers: true
  supports_connect_get: false
  supports_message_receive_limit: false
"""


class CompareError(Exception):
    """A command failed or said what was not expected; the text tells."""


class Run(NamedTuple):
    """One run of their runner."""

    cases: int
    seconds: float


def case_milliseconds(every: Run, one: Run) -> float:
    """What each further case costs."""
    return 1000 * (every.seconds - one.seconds) / (every.cases - one.cases)


def their_cases(output: str) -> int:
    """How many cases a run had, all of which passed. Raises CompareError."""
    total = re.search(r"Total cases: (\d+)\n(\d+) passed, 0 failed", output)
    if total is None or total[1] != total[2]:
        raise CompareError(f"expected cases that all pass, got: {output[-500:]}")
    return int(total[1])


class Ours(NamedTuple):
    """What `//conformance:speed` prints."""

    cases: int
    # Of each: wall time, and calls. Each of theirs is one call.
    milliseconds: float
    calls: float


def ours(output: str) -> Ours:
    """The figures of the pair. Raises CompareError."""
    row = re.search(r"^ +(\d+) cases, \d+ times each +([\d.]+).* ([\d.]+)$", output, re.MULTILINE)
    if row is None:
        raise CompareError(f"expected a row of figures, got: {output[-500:]}")
    return Ours(int(row[1]), float(row[2]), float(row[3]))


def _output(line: Sequence[str], folder: Path, **variables: str) -> str:
    done = subprocess.run(
        line,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=_DEADLINE,
        check=False,
    )
    if done.returncode:
        raise CompareError(f"{line[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout + done.stderr


def _install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for program in _PROGRAMS:
        if not (folder / program).exists():
            package = f"connectrpc.com/conformance/cmd/{program}@{_VERSION}"
            _output(["go", "install", package], folder, GOBIN=str(folder))
    (folder / "config.yaml").write_text(_CONFIG)


def _theirs(folder: Path, patterns: Sequence[str]) -> Run:
    line = ["./connectconformance", "--mode", "both", "--conf", "config.yaml"]
    line += [flag for pattern in patterns for flag in ("--run", pattern)]
    begun = time.monotonic()
    output = _output([*line, "--", "./grpcclient", "----", "./grpcserver"], folder)
    return Run(their_cases(output), time.monotonic() - begun)


def _ours() -> Ours:
    line = ["./bazelw", "run", "//conformance:speed", "--", "--times=2"]
    return ours(_output([*line, *(f"--case={glob}" for glob in _OURS)], ROOT))


def _conclude(there: float, here: Ours) -> None:
    """Prints the ratios of what a case costs, and a call."""
    case = here.milliseconds
    call = case / here.calls
    print(f"medians: {there:.2f} and {case:.2f} ms a case, ratio {case / there:.2f}")
    print(f"of one call: {there:.2f} and {call:.2f} ms, ratio {call / there:.2f}")


def main(arguments: Sequence[str]) -> int:
    """Prints a row for each round and the medians; the exit code."""
    rounds = int(arguments[0]) if arguments else 5
    folder = cache() / "compare" / _VERSION
    try:
        _install(folder)
        their: list[float] = []
        our: list[Ours] = []
        for number in range(1, rounds + 1):
            every, one = _theirs(folder, _THEIRS), _theirs(folder, [_THEIRS_ONE])
            here = _ours()
            their.append(case_milliseconds(every, one))
            our.append(here)
            print(
                f"{number}: connectconformance {their[-1]:.2f} ms a case ({every.cases} cases of one call), "
                f"here {here.milliseconds:.2f} ms a case ({here.cases} cases of {here.calls} calls)"
            )
    except (CompareError, OSError, subprocess.TimeoutExpired) as error:
        print(f"compare: {error}", file=sys.stderr)
        return 1
    _conclude(
        statistics.median(their), sorted(our, key=lambda run: run.milliseconds)[len(our) // 2]
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
