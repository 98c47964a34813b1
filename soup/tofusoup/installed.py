"""TofuSoup as people have it: installed in a virtual environment, nothing else there, started by its commands."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from runfiles import Runfiles

from conformance.life.programs import PATIENCE, Ended
from conformance.runner.process import environment

# A module of the packages, by which they are found.
_PACKAGE: Final = "tofusoup_pip/site/tofusoup/__init__.py"

# What click has for tests of its commands: standard streams in memory, and the exit code.
_COMMANDS: Final = """
import importlib, json, sys
from click.testing import CliRunner

module, name = sys.argv[1].split(":")
group = getattr(importlib.import_module(module), name)
ended = [CliRunner().invoke(group, line, obj={}) for line in json.loads(sys.argv[2])]
print(json.dumps([(one.exit_code, one.stdout, one.stderr) for one in ended]))
"""

# What says to Python where modules are: that of these tests is not TofuSoup's.
_PYTHONS_OWN: Final = "PYTHON"

# rich breaks lines at the width that it takes the terminal for; runfiles take no bytecode.
_PLAIN: Final = {
    "COLUMNS": "1000",
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TERM": "dumb",
}


def located(path: str) -> Path:
    """The file of a runfiles path."""
    runfiles = Runfiles.Create()
    assert runfiles is not None, "started by Bazel, which makes runfiles"
    found = runfiles.Rlocation(path)
    assert found, f"{path}: no such runfile"
    return Path(found)


def apart(home: Path, *, commands: Path | None = None) -> dict[str, str]:
    """An environment in which nothing of these tests' Python is left, and nothing of the user's is read.

    `commands` is a folder that is looked in before the others of PATH.
    """
    kept = {k: v for k, v in environment({}).items() if not k.startswith(_PYTHONS_OWN)}
    search = [str(commands)] if commands else []
    path = os.pathsep.join([*search, kept.get("PATH", os.defpath)])
    return (
        kept | _PLAIN | {"HOME": str(home), "PATH": path, "TOFUSOUP_CACHE_DIR": str(home / "cache")}
    )


class Soup(NamedTuple):
    """A virtual environment with TofuSoup in it."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin/python3"

    @property
    def package(self) -> Path:
        """The package `tofusoup`."""
        return _packages(self.folder) / "tofusoup"

    def run(self, *words: str) -> Ended:
        """Runs `soup` to its end."""
        line = [str(self.python), "-m", "tofusoup.cli", *words]
        return run(line, self.environment, self.folder)

    def commands(self, group: str, lines: Sequence[Sequence[str]]) -> list[Ended]:
        """Runs commands of a click group (`module:name`), one after the other, in one process.

        Most of what a command takes is TofuSoup's start.
        """
        line = [str(self.python), "-c", _COMMANDS, group, json.dumps(lines)]
        patience = PATIENCE * (1 + len(lines))
        code, out, err = run(line, self.environment, self.folder, patience)
        assert code == 0, err
        return [Ended(code, out.encode(), err) for code, out, err in json.loads(out)]


def run(
    line: list[str], environment: Mapping[str, str], cwd: Path, patience: float = PATIENCE
) -> Ended:
    """Runs a command line to its end, for so many seconds at most."""
    done = subprocess.run(
        line,
        capture_output=True,
        timeout=patience,
        check=False,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    return Ended(done.returncode, done.stdout, done.stderr.decode())


def install(folder: Path, *, commands: Path | None = None) -> Soup:
    """Makes a virtual environment of the packages of the lock."""
    packages = _packages(folder)
    packages.parent.mkdir(parents=True)
    packages.symlink_to(located(_PACKAGE).parents[1])
    (folder / "bin").mkdir()
    (folder / "bin/python3").symlink_to(sys.executable)
    (folder / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n", "utf-8")
    home = folder / "home"
    home.mkdir()
    return Soup(folder, apart(home, commands=commands))


def _packages(folder: Path) -> Path:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return folder / "lib" / version / "site-packages"
