"""Formats the workspace: `./bazelw run //:format`. Every tool of the table that can repair does so."""

import os
import subprocess
import sys
from pathlib import Path

from tools.format.tools import TOOLS, Tool, command, sources


def repair(name: str, tool: Tool, paths: list[str], workspace: Path) -> bool:
    """Runs one tool; False where it could not do its work, and a line says why."""
    missing = os.environ.get(f"{name.upper()}_MISSING")
    if missing:
        print(f"{name}: not run: {missing}", file=sys.stderr)
        return False
    line = command(tool, tool.repair, paths)
    if subprocess.run(line, check=False, cwd=workspace).returncode:
        print(f"{name}: failed", file=sys.stderr)
        return False
    return True


def main(workspace: Path) -> int:
    """Runs them all; exit code 1 where one could not do its work."""
    paths = [path for path, _ in sources()]
    able = [(name, tool) for name, tool in TOOLS.items() if tool.repair]
    failed = [name for name, tool in able if not repair(name, tool, paths, workspace)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(os.environ["BUILD_WORKSPACE_DIRECTORY"])))
