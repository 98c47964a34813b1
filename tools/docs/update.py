"""Copies generated pages into a folder of the workspace: `update.py FOLDER RUNFILES_PATH...`."""

import os
import shutil
import sys
from pathlib import Path

from runfiles import Runfiles


def main(paths: list[str], folder: Path) -> None:
    """Writes each page to a folder, under the name of its generated file."""
    runfiles = Runfiles.Create()
    for path in paths:
        page = runfiles and runfiles.Rlocation(path)
        if not page:
            raise FileNotFoundError(path)
        target = folder / Path(page).name.removesuffix(".generated")
        shutil.copyfile(page, target)
        print(f"wrote {target}")


if __name__ == "__main__":
    main(sys.argv[2:], Path(os.environ["BUILD_WORKSPACE_DIRECTORY"], sys.argv[1]))
