"""Somebody with the built command and the real programs of Go and Python, for tests."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from runfiles import Runfiles

from conformance.life import programs
from conformance.life.programs import Ended, Implementation, Running


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
