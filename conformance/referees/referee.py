"""Other people's programs, unmodified, by their command lines."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from conformance.life.programs import PATIENCE, Ended, Running, absent, inherited, launch, located
from conformance.referees.calls import Message, messages

# Runfiles path of each: three are compiled from a Go lock, buf is in Python's.
PROGRAMS: Final = {
    "buf": "pip/site/bin/buf",
    "ghz": "referees/ghz",
    "grpc-health-probe": "referees/grpc-health-probe",
    "grpcurl": "referees/grpcurl",
}


def next_message(running: Running) -> Message:
    """The next JSON object that a program says among its verbose lines."""
    lines: list[str] = []
    while "}" not in lines:
        line = running.line()
        # Verbose lines of grpcurl stand around objects only, those of buf begin with its name.
        if (lines or line == "{") and not line.startswith("buf: "):
            lines.append(line)
    (found,) = messages("\n".join(lines))
    return found


class Referee:
    """One of the programs."""

    def __init__(self, name: str, home: Path) -> None:
        """Takes a folder for what the program may want to write; skips the test where it is not there."""
        self._name = name
        self._program = located(PROGRAMS[name])
        if not Path(self._program).is_file():
            absent(name, Path(located("_main/tools/referees/missing.txt")).read_text().strip())
        self._home = home
        self._variables = {**inherited(), "HOME": str(home)}

    def run(self, *words: str, stdin: str = "") -> Ended:
        """Runs it to its end, within PATIENCE."""
        done = subprocess.run(
            [self._program, *words],
            input=stdin.encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env=self._variables,
        )
        return Ended(done.returncode, done.stdout, done.stderr.decode())

    @contextlib.contextmanager
    def launch(self, *words: str) -> Iterator[Running]:
        """Starts it, for what it says while it runs: both its streams come as the standard output."""
        line = ["/bin/sh", "-c", 'exec "$@" 2>&1', "sh", self._program, *words]
        with launch(line, self._variables, self._home / f"{self._name}.log") as running:
            yield running
