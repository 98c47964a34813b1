"""Formats the workspace: `./bazelw run //:format`. Every tool of the table that can repair does so."""

import os
import subprocess
import sys
from pathlib import Path

from tools.format.tools import TOOLS, command, sources


def main(workspace: Path) -> int:
    """Exit code 1 where a tool could not do its work; it has said why."""
    paths = [path for path, _ in sources()]
    status = 0
    for name, tool in TOOLS.items():
        if not tool.repair:
            continue
        try:
            line = command(tool, tool.repair, paths)
        except FileNotFoundError as missing:
            print(f"{name}: not run: {missing}", file=sys.stderr)
            status = 1
            continue
        if subprocess.run(line, check=False, cwd=workspace).returncode:
            print(f"{name}: failed", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(Path(os.environ["BUILD_WORKSPACE_DIRECTORY"])))
