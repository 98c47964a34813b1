"""A copy of this workspace, whose files may be edited, with Bazel's state of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.execution.log import Spawn, spawns

ROOT = Path(__file__).parents[2]
_DEADLINE = 3600.0
"""Seconds for one command; the first may build everything."""
_END_DEADLINE = 60.0


class WorkspaceError(Exception):
    """A command failed; the text says which, with its output."""


def cache() -> Path:
    """The project's folder in the user's cache directory."""
    given = os.environ.get("STOCK_BAZEL_CACHE")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stock"


@dataclass(frozen=True)
class Workspace:
    """The copy under `folder`. `end` is called by whoever made it, and stops its Bazel."""

    folder: Path
    disk_cache: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    rc: str = "tools/bazelrc/base.bazelrc"
    umask: int = -1

    @property
    def tree(self) -> Path:
        """Where the copy stands."""
        return self.folder / "tree"

    @property
    def errors(self) -> Path:
        """The file with what the last command said beside its output."""
        return self.folder / "errors.txt"

    def copy(self) -> None:
        """Makes the copy anew: the files that git tracks or would track, as they are now."""
        shutil.rmtree(self.tree, ignore_errors=True)
        line = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
        for name in filter(None, listed.stdout.split("\0")):
            source, target = ROOT / name, self.tree / name
            if source.exists() or source.is_symlink():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target, follow_symlinks=False)
                if self.umask >= 0 and not target.is_symlink():
                    target.chmod(target.stat().st_mode & ~self.umask)

    def empty(self) -> None:
        """Removes the copy and all of Bazel's state, whose files are read-only."""
        for path in self.folder.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(self.folder, ignore_errors=True)

    def bazel(self, command: str, *arguments: str, deadline: float = _DEADLINE) -> str:
        """Runs a command of Bazel, which has `deadline` seconds; its standard output. Raises WorkspaceError."""
        line = [
            str(self.tree / "bazelw"),
            f"--output_base={self.folder / 'output'}",
            "--max_idle_secs=60",
            "--noworkspace_rc",
            f"--bazelrc={self.tree}/{self.rc}",
            command,
            *([f"--disk_cache={self.disk_cache}"] if self.disk_cache else []),
            "--color=no",
            "--curses=no",
            *arguments,
        ]
        run = subprocess.Popen(
            line,
            cwd=self.tree,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=self.umask,
        )
        output, errors = _ended(run, deadline)
        self.errors.write_text(errors, encoding="utf-8")
        if run.returncode != 0:
            raise WorkspaceError(f"{command} ended with {run.returncode}:\n{output}{errors}")
        return output

    def build(self, *targets: str) -> list[Spawn]:
        """Builds targets; what was run for it, or taken from the disk cache. Raises WorkspaceError."""
        log = self.folder / "execution.json"
        self.bazel("build", f"--execution_log_json_file={log}", "--", *targets)
        return list(spawns(log.read_text("utf-8")))

    def languages(self) -> Sequence[str]:
        """The languages whose implementations can be built on this machine. Raises WorkspaceError."""
        expression = (
            'str(target.label) if "IncompatiblePlatformProvider" not in providers(target) else ""'
        )
        servers = self.bazel("query", 'filter("//[a-z]+:stock_server$", //...)').split()
        found = self.bazel(
            "cquery",
            "--output=starlark",
            f"--starlark:expr={expression}",
            f"set({' '.join(servers)})",
        )
        return sorted(_folders(found.split()))

    def end(self) -> None:
        """Stops Bazel's server, which ends by itself where it does not listen; its state stays for the next time."""
        line = [
            str(self.tree / "bazelw"),
            f"--output_base={self.folder / 'output'}",
            "--noworkspace_rc",
            "shutdown",
        ]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                line,
                cwd=self.tree,
                env=self._environment(),
                capture_output=True,
                timeout=_END_DEADLINE,
                check=False,
            )

    def _environment(self) -> Mapping[str, str]:
        return {**os.environ, **_beside(), **self.variables}


def _ended(run: subprocess.Popen[str], deadline: float) -> tuple[str, str]:
    """What a command has said when it ends. Raises WorkspaceError where that takes too long."""
    try:
        return run.communicate(timeout=deadline)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGINT)  # Bazel's client stops what it asked its server for
        said = ("nor a minute after it was told to end", "")
        with contextlib.suppress(subprocess.TimeoutExpired):
            said = run.communicate(timeout=_END_DEADLINE)
        raise WorkspaceError(f"no end after {deadline:.0f} s:\n{''.join(said)}") from None
    finally:
        run.kill()


def _folders(labels: Sequence[str]) -> Iterator[str]:
    for label in labels:
        yield label.rpartition("//")[2].partition(":")[0]


def _beside() -> Mapping[str, str]:
    """What stands beside the workspace and is found by its place there."""
    bundle = ROOT.parent / "shared/dotnet"
    return {"STOCK_DOTNET_BUNDLE": str(bundle)} if bundle.is_dir() else {}
