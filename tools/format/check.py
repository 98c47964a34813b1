"""Checks the sources with one tool of the table: `check.py TOOL`; exit code 1 where it finds fault."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.format.tools import TOOLS, command, sources


def copy_sources(tree: Path) -> list[str]:
    """Lays the declared sources under `tree` with their own names; returns their paths."""
    paths = []
    for path, file in sources():
        target = tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        paths.append(path)
    return paths


def main(argv: list[str], scratch: Path) -> int:
    """Runs the tool in a copy of the sources, so that it can only read what was declared."""
    tool = TOOLS[argv[0]]
    tree = scratch / "tree"
    paths = copy_sources(tree)
    environment = os.environ | {"HOME": str(scratch)}
    line = command(tool, tool.check, paths)
    if subprocess.run(line, check=False, cwd=tree, env=environment).returncode == 0:
        return 0
    if tool.repair:
        print("Repair with: ./bazelw run //:format", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(os.environ["TEST_TMPDIR"])))
