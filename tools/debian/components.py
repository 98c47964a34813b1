"""Tells which packages files are of: `components OUT ARCHIVES FILES @PATHS`.

ARCHIVES has a line for each package, FILES whose each file is, and PATHS the paths of files in a repository's `root`.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote


def owners(files: Iterable[str], paths: Iterable[str]) -> set[str]:
    """The packages of paths. ValueError for a path that is none's."""
    known = dict(line.rstrip("\n").split("\t") for line in files)
    found = set()
    for path in paths:
        inside = path.rpartition("/root/")[2]
        if inside not in known:
            raise ValueError(f"{path}: no package has it")
        found.add(known[inside])
    return found


def package(line: str) -> str:
    """The name of the package that a line tells of."""
    purl = json.loads(line)["purl"]
    return unquote(str(purl).partition("@")[0].rpartition("/")[2])


def main(argv: Sequence[str]) -> int:
    """See the head of this file."""
    out, archives, files = map(Path, argv[:3])
    paths = Path(argv[3].removeprefix("@")).read_text("utf-8").splitlines()
    try:
        wanted = owners(files.read_text("utf-8").splitlines(), paths)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    lines = archives.read_text("utf-8").splitlines(keepends=True)
    out.write_text("".join(line for line in lines if package(line) in wanted), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
