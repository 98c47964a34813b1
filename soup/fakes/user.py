"""Somebody with the built command and the real programs of Go and Python, for tests."""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from runfiles import Runfiles

from conformance.life import programs
from conformance.life.programs import Ended, Implementation, Running
from conformance.runner.process import environment


class User(NamedTuple):
    """Somebody with the command, in a folder and a home of their own."""

    command: Implementation
    folder: Path
    # By language and role.
    real: Mapping[tuple[str, str], str]

    def call(self, *words: str | bytes, stdin: bytes = b"") -> Ended:
        """Runs the command to its end."""
        return programs.run(self.command, "client", *words, stdin=stdin)

    def start(self, *words: str) -> contextlib.AbstractContextManager[Running]:
        """Starts the command."""
        return programs.start(self.command, "server", self.folder, *words)

    def having(self, **variables: str) -> "User":
        """The same user with other variables."""
        environ = {**self.command.environment, **variables}
        return self._replace(command=self.command._replace(environment=environ))


def located(variable: str) -> str:
    """A runfile that the test was given."""
    runfiles = Runfiles.Create()
    assert runfiles is not None
    return runfiles.Rlocation(os.environ[variable]) or ""


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user who has no programs."""
    monkeypatch.chdir(tmp_path)
    environ = {**environment({}), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for name in ("RUNFILES_DIR", "PYTHONPATH", "XDG_RUNTIME_DIR"):
        environ.pop(name, None)
    entries = json.loads(Path(located("SOUP_MANIFEST")).read_text("utf-8"))["implementations"]
    runfiles = Runfiles.Create()
    assert runfiles is not None
    real = {
        (entry["language"], role): runfiles.Rlocation(entry[role]) or ""
        for entry in entries
        for role in ("server", "client")
    }
    stock = located("SOUP_STOCK")
    return User(Implementation("", stock, stock, "", environ), tmp_path, real)


@pytest.fixture
def user(stranger: User) -> User:
    """A user whose variables name the programs of Go and Python."""
    named = {f"STOCK_{name}_{role}".upper(): path for (name, role), path in stranger.real.items()}
    return stranger.having(**named)
