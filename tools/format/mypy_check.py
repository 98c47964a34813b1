"""Checks the workspace's Python with mypy --strict, generated code and third-party types at hand."""

import os
import sys
from pathlib import Path

from mypy.main import main as mypy

from tools.format.check import copy_sources
from tools.format.tools import runfile


def write_environment(root: Path, site: Path) -> Path:
    """Makes a virtual environment under `root` that has `site`; returns its interpreter.

    mypy believes in types only where an interpreter would import the code.
    """
    packages = root / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    packages.parent.mkdir(parents=True)
    packages.symlink_to(site)
    (root / "bin").mkdir()
    (root / "bin/python3").symlink_to(sys.executable)
    (root / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n", encoding="utf-8")
    return root / "bin/python3"


def overlay_generated(tree: Path, runfiles: Path) -> None:
    """Adds to the tree the modules that rules generate into it."""
    for file in runfiles.rglob("*.py"):
        target = tree / file.relative_to(runfiles)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(file)


def generated_roots(runfiles: Path, roots: list[str]) -> list[str]:
    """The import roots that hold generated code: those below the workspace's own."""
    return [root for root in roots if runfiles in Path(root).parents]


def main(scratch: Path) -> None:
    """Exits with mypy's code."""
    tree = scratch / "tree"
    paths = [path for path in copy_sources(tree) if path.endswith(".py")]
    overlay_generated(tree, runfile("_main"))
    interpreter = write_environment(scratch / "environment", runfile("pip/site"))
    os.environ["MYPYPATH"] = os.pathsep.join(generated_roots(runfile("_main"), sys.path))
    os.chdir(tree)
    mypy(
        args=[
            "--config-file=pyproject.toml",
            f"--python-executable={interpreter}",
            f"--cache-dir={os.devnull}",
            *paths,
        ],
        clean_exit=True,
    )


if __name__ == "__main__":
    main(Path(os.environ["TEST_TMPDIR"]))
