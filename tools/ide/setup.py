"""`./bazelw run //tools/ide:setup`: makes editors resolve generated and third-party code of every language."""

import os
import sys
from pathlib import Path
from typing import TextIO

from tools.ide.manifest import load
from tools.ide.place import GENERATED, Refused, place


def main(manifest: str, workspace: str, out: TextIO, err: TextIO) -> int:
    """Writes everything and tells of it. Exit codes: 0 done, 2 the workspace is not as it must be."""
    found = load(manifest)
    try:
        placed = place(found, Path(workspace))
    except (OSError, Refused) as error:
        print(f"setup: {error}", file=err)
        return 2
    print(f"{GENERATED}/: {len(found.copied)} files and folders that rules make", file=out)
    for where in placed.written:
        if not where.startswith(f"{GENERATED}/"):
            print(f"{where}: written", file=out)
    for language, reason in found.missing.items():
        print(f"{language}: left out: {reason}", file=err)
    for where, content in placed.left.items():
        print(f"{where}: yours, left alone. Add what is not in it:\n{content}", file=err)
    return 0


if __name__ == "__main__":
    sys.exit(
        main(
            os.environ["EDITORS"],
            os.environ["BUILD_WORKSPACE_DIRECTORY"],
            sys.stdout,
            sys.stderr,
        )
    )
