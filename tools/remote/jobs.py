"""What an executor has executed: asked of its database, by BuildGrid's own environment."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tools.remote import install

_HERE = Path(__file__).parent
_PROGRAM = ("venv/bin/python", "-I")


class Job(NamedTuple):
    """An action that was executed: for what, by whom, in which attempt, and how long it took."""

    label: str
    mnemonic: str
    worker: str
    tries: int
    seconds: float


def jobs(folder: Path) -> list[Job]:
    """What the executor in a folder has executed to an end. Raises RemoteError."""
    return parse(_ask("jobs_query", folder))


def parse(lines: str) -> list[Job]:
    """The jobs of what is written as a line of JSON for each."""
    return [Job(**json.loads(line)) for line in lines.splitlines()]


def written(found: Sequence[Job]) -> str:
    """Jobs as `parse` reads them."""
    return "".join(json.dumps(job._asdict()) + "\n" for job in found)


def executing(folder: Path, label: str, seconds: float) -> str:
    """Waits until a worker runs a test; the worker's name. Raises RemoteError where none does in time."""
    return _ask("executing", folder, label, f"{seconds}").strip()


def _ask(name: str, *arguments: str | Path) -> str:
    program, *flags = _PROGRAM
    script = _HERE / f"{name}.py.tpl"
    return install.run(install.buildgrid() / program, *flags, script, *arguments)
