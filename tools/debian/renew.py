"""Renews a lock of Debian packages: `python3 -m tools.debian.renew LOCK SUITE WORK`.

Each line's first word is a package's name; the rest is written anew from the release's present
packages. So a package is added by a line of its name alone, and dropped by deleting its line.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.packages import Package, format_lock, parse_index
from tools.debian.suite import NoDebianError, SuiteApt

_HEAD = """\
Packages of Debian: name, version, size in bytes, sha256.
Written by tools/debian/update."""


def names(text: str) -> list[str]:
    """The names of a lock, each once and sorted; comments (#) and empty lines are left out."""
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return sorted({fields[0] for fields in lines if fields})


def renewed(wanted: Sequence[str], index: dict[str, list[Package]]) -> list[Package]:
    """The present package of each name; BringupError names those that the release has not."""
    unknown = [name for name in wanted if name not in index]
    if unknown:
        raise BringupError(f"not in the release: {', '.join(unknown)}")
    return [index[name][0] for name in wanted]


def main(argv: Sequence[str]) -> int:
    """Rewrites the lock; exit code 0 or, told why, 1."""
    lock, work = Path(argv[0]), Path(argv[2])
    before = lock.read_text(encoding="utf-8")
    wanted = names(before)
    work.mkdir(parents=True, exist_ok=True)
    try:
        apt = SuiteApt(work, argv[1])
        apt.update()
        packages = renewed(wanted, parse_index(apt.show(wanted)))
    except (BringupError, NoDebianError, OSError) as error:
        print(f"{lock}: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(work)
    after = format_lock(packages, _HEAD)
    changed = len(set(after.splitlines()) - set(before.splitlines()))
    lock.write_text(after, encoding="utf-8")
    print(f"{lock.name}: {len(packages)} packages, {changed} lines new or renewed", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
