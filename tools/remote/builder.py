"""Runs builds and tests of a workspace with a remote cache, until a given moment, and reads what came of them."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.execution.log import Spawn, read
from tools.execution.workspace import Workspace
from tools.remote.install import RemoteError


@dataclass(frozen=True)
class Run:
    """What came of a command: what it printed, what it said besides, its log, and how long it took."""

    output: str
    errors: str
    log: Path
    seconds: float

    def spawns(self) -> Iterator[Spawn]:
        """What was run, or taken from a cache."""
        return read_log(self.log)


def read_log(log: Path) -> Iterator[Spawn]:
    """The spawns of an execution log. Raises RemoteError where it is none."""
    try:
        with log.open(encoding="utf-8") as lines:
            yield from read(lines)
    except (OSError, ValueError) as error:
        raise RemoteError(f"{log}: {error}") from error


@dataclass(frozen=True)
class Builder:
    """A workspace, the flags of all its builds, and the time by which everything is over."""

    workspace: Workspace
    flags: Sequence[str]
    end: float

    def build(self, targets: Sequence[str], *flags: str) -> None:
        """Builds targets. Raises WorkspaceError, RemoteError."""
        self.workspace.bazel("build", *self.flags, *flags, "--", *targets, deadline=self._left())

    def test(self, name: str, targets: Sequence[str], *flags: str) -> Run:
        """Builds and tests targets; `name` is the log's. Raises WorkspaceError, RemoteError."""
        log = self.workspace.folder / f"{name}.json"
        log.unlink(missing_ok=True)
        start = time.monotonic()
        output = self.workspace.bazel(
            "test",
            *self.flags,
            *flags,
            f"--execution_log_json_file={log}",
            # Sorted, a log of everything is held in memory as a whole.
            "--noexecution_log_sort",
            "--",
            *targets,
            deadline=self._left(),
        )
        errors = self.workspace.errors.read_text("utf-8")
        return Run(output, errors, log, time.monotonic() - start)

    def clean(self) -> None:
        """Removes what was built. Raises WorkspaceError, RemoteError."""
        self.workspace.bazel("clean", deadline=self._left())

    def _left(self) -> float:
        left = self.end - time.monotonic()
        if left <= 0:
            raise RemoteError("the time is over")
        return left
