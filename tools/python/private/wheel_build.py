"""Builds a wheel with hatchling: `wheel_build.py @FILE`, the file has the arguments, one a line.

They are the wheel, its version, and PATH=FILE for each file of the project.
"""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from hatchling.build import build_wheel


def lay_out(project: Path, files: Iterable[str]) -> None:
    """Copies the files to where they stand in the project."""
    for pair in files:
        path, _, file = pair.partition("=")
        place = project / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)


def main(argv: list[str]) -> None:
    """Writes the wheel; ValueError where the project calls it something else."""
    wheel, version, *files = Path(argv[0].removeprefix("@")).read_text("utf-8").splitlines()
    target = Path(wheel).absolute()
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch, "project")
        lay_out(project, files)
        os.environ["STOCK_VERSION"] = version
        with contextlib.chdir(project):
            name = build_wheel(scratch)
        if name != target.name:
            raise ValueError(f"the wheel of pyproject.toml is {name}, the rule's is {target.name}")
        shutil.copyfile(Path(scratch, name), target)


if __name__ == "__main__":
    main(sys.argv[1:])
