"""Copies the generated pages into the workspace: `update.py RUNFILES_PATH...`."""

import os
import shutil
import sys
from pathlib import Path

from runfiles import Runfiles


def main(paths: list[str], workspace: Path) -> None:
    """Writes each page to docs/rules, under the name of its generated file."""
    runfiles = Runfiles.Create()
    for path in paths:
        page = runfiles and runfiles.Rlocation(path)
        if not page:
            raise FileNotFoundError(path)
        target = workspace / "docs/rules" / Path(page).name.removesuffix(".generated")
        shutil.copyfile(page, target)
        print(f"wrote {target.relative_to(workspace)}")


if __name__ == "__main__":
    main(sys.argv[1:], Path(os.environ["BUILD_WORKSPACE_DIRECTORY"]))
