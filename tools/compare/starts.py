"""Measures what each setting of the launcher gains when a server on the JVM starts, in turns.

A start is from the exec to the ready line of `stock_server --port 0`. CPU is of all threads, user
and system, the memory what was resident at most (both from /proc).
"""

import os
import re
import selectors
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tools.execution.workspace import ROOT

_LANGUAGES = ("java", "kotlin", "scala", "clojure")
_DEADLINE = 60.0
"""Seconds for a start, and for an end."""
_ARCHIVE_DEADLINE = 300.0

_SERIAL = ("-XX:+UseSerialGC",)
_FIRST_COMPILER = (*_SERIAL, "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
_TICKS = os.sysconf("SC_CLK_TCK")


class StartsError(Exception):
    """A program did not start, or its launcher is not what was expected; the text tells."""


class Launcher(NamedTuple):
    """What the launcher of a program runs."""

    java: str
    main: str
    rehearsal: str


class Start(NamedTuple):
    """One start."""

    cpu_seconds: float
    wall_seconds: float
    resident_mib: float


def launcher(text: str) -> Launcher:
    """What a launcher's script says. Raises StartsError."""
    parts = [
        re.search(pattern, text, re.MULTILINE)
        for pattern in (r"exec .*'([^']*/java)'", r'^set -- (\S+) "\$@"$', r"^rehearsal=(\S+)$")
    ]
    found = [part[1] for part in parts if part]
    if len(found) != len(parts):
        raise StartsError(f"expected a launcher of a JVM with a rehearsal, got: {text[:300]}")
    return Launcher(*found)


def cpu_seconds(stat: str) -> float:
    """User and system time of /proc/PID/stat (proc(5): fields 14 and 15, counted from the pid)."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mib(status: str) -> float:
    """The most that was resident, of /proc/PID/status. Raises StartsError."""
    most = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    if most is None:
        raise StartsError("no VmHWM in the status of a process")
    return int(most[1]) / 1024


def _await_line(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(_DEADLINE) or not process.stdout.readline():
            raise StartsError(f"no ready line within {_DEADLINE:.0f} s")


def _start(line: Sequence[str]) -> Start:
    begun = time.monotonic()
    process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        _await_line(process)
        wall = time.monotonic() - begun
        proc = Path("/proc", str(process.pid))
        return Start(
            cpu_seconds((proc / "stat").read_text()),
            wall,
            resident_mib((proc / "status").read_text()),
        )
    finally:
        process.terminate()
        try:
            process.wait(_DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _settings(program: Launcher, jar: Path, archive: Path) -> dict[str, list[str]]:
    """The command of a server by what is measured; the last one is the launcher's."""
    rest = ["-cp", str(jar), program.main, "--port", "0"]
    made = [program.java, *_FIRST_COMPILER, f"-XX:ArchiveClassesAtExit={archive}", "-cp", str(jar)]
    done = subprocess.run(
        [*made, program.rehearsal],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_ARCHIVE_DEADLINE,
        check=False,
    )
    if done.returncode or not archive.exists():
        raise StartsError(f"no archive of {jar.name}: {done.stderr[-500:]!r}")
    return {
        "as the machine would": [program.java, *rest],
        "serial collector": [program.java, *_SERIAL, *rest],
        "and first compiler alone": [program.java, *_FIRST_COMPILER, *rest],
        "and archive": [program.java, *_FIRST_COMPILER, f"-XX:SharedArchiveFile={archive}", *rest],
    }


def _measure(language: str, rounds: int) -> None:
    """Prints a row for each setting: medians, and the CPU's ratio to the machine's own."""
    program = ROOT / "bazel-bin" / language / "stock_server"
    with tempfile.TemporaryDirectory() as folder:
        # An archive is of one path and time.
        jar = Path(shutil.copy(program.with_name("stock_server.jar"), folder))
        settings = _settings(launcher(program.read_text()), jar, Path(folder, "classes.jsa"))
        starts: dict[str, list[Start]] = {name: [] for name in settings}
        for _ in range(rounds):
            for name, line in settings.items():
                starts[name].append(_start(line))
    first = 0.0
    for name, some in starts.items():
        cpu, wall, most = (statistics.median(values) for values in zip(*some, strict=True))
        first = first or cpu
        print(
            f"{language:8} {name:26} {cpu:5.2f} s CPU {wall:5.2f} s wall {most:5.0f} MiB  ratio {cpu / first:.2f}",
            flush=True,
        )


def main(arguments: Sequence[str]) -> int:
    """Builds and measures; the exit code."""
    rounds = int(arguments[0]) if arguments else 5
    targets = [f"//{language}:stock_server" for language in _LANGUAGES]
    try:
        subprocess.run(["./bazelw", "build", *targets], cwd=ROOT, check=True)
        for language in _LANGUAGES:
            _measure(language, rounds)
    except (StartsError, OSError, subprocess.SubprocessError) as error:
        print(f"starts: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
