"""A workspace of a language's sources, with what editors read, and how their programs are run in it."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tools.format.check import copy_sources
from tools.ide.manifest import load
from tools.ide.place import place

_DEADLINE = 240.0


class Editor(NamedTuple):
    """A workspace that was set up, and a folder for what programs keep."""

    workspace: Path
    scratch: Path

    def run(
        self, argv: Sequence[object], environ: Mapping[str, str] | None = None, cwd: str = "."
    ) -> tuple[int, str]:
        """Runs a program in the workspace; its exit code, and what it says."""
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(self.scratch), **(environ or {})}
        done = subprocess.run(
            [*map(str, argv)],
            cwd=self.workspace / cwd,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_DEADLINE,
        )
        return done.returncode, done.stdout


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Editor:
    """The sources that the test declares, set up."""
    workspace = tmp_path_factory.mktemp("workspace")
    copy_sources(workspace)
    place(load(os.environ["EDITORS"]), workspace)
    return Editor(workspace, tmp_path_factory.mktemp("scratch"))
