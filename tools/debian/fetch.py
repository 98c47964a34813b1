"""Fetches the packages of a lock: `python3 -m tools.debian.fetch LOCK SUITE WORK ROOT`.

Exit code 0 with all of them verified and unpacked under ROOT, and beside it archives.jsonl, which tells of each, and
files.tsv, which tells whose each file is; what was superseded is a line on standard error.
1 with one line of reason, 3 with the reason why this machine can have no packages of Debian.
"""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.packages import Choice, Package, choose, describe, parse_index, parse_lock
from tools.bazel.prefix.process import run
from tools.debian.archives import describe_archive, files_of
from tools.debian.suite import NoDebianError, SuiteApt

EXIT_FAILED = 1
EXIT_NO_DEBIAN = 3

_RENEW = "renew the lock with tools/debian/update"
_UNPACK_DEADLINE = 300.0


def select(locked: Sequence[Package], index: dict[str, list[Package]], strict: bool) -> Choice:
    """The packages to take: the locked ones, and for a superseded one what the index has instead.

    Raises BringupError if the release dropped a package, if it tells another hash for a locked
    version, and, if `strict`, if a package is superseded.
    """
    dropped = [package.name for package in locked if package.name not in index]
    if dropped:
        raise BringupError(f"no longer in the release: {', '.join(dropped)}: {_RENEW}")
    choice = choose(locked, index, strict=False)
    if strict and choice.superseded:
        raise BringupError(f"STOCK_STRICT=1 refuses {describe(choice.superseded)}: {_RENEW}")
    return choice


def fetch(lock: Path, apt: SuiteApt, archives: Path, root: Path, strict: bool) -> Choice:
    """Unpacks the packages of `lock` under `root`; raises BringupError where one cannot be had."""
    locked = parse_lock(lock.read_text(encoding="utf-8"))
    apt.update()
    choice = select(locked, parse_index(apt.show([package.name for package in locked])), strict)
    root.mkdir()
    owners = []
    for package, file in zip(choice.packages, apt.download(choice.packages, archives), strict=True):
        listing = run(["dpkg-deb", "--vextract", str(file), str(root)], _UNPACK_DEADLINE)
        owners += [f"{path}\t{package.name}\n" for path in files_of(listing)]
    # The licence of one may stand in another.
    lines = [describe_archive(package, root, apt.suite) for package in choice.packages]
    (root.parent / "archives.jsonl").write_text("".join(lines), encoding="utf-8")
    (root.parent / "files.tsv").write_text("".join(owners), encoding="utf-8")
    return choice


def main(argv: Sequence[str]) -> int:
    """See the head of this file."""
    lock, work, root = Path(argv[0]), Path(argv[2]).absolute(), Path(argv[3]).absolute()
    archives = work / "debs"
    archives.mkdir(parents=True)
    try:
        strict = os.environ.get("STOCK_STRICT") == "1"
        choice = fetch(lock, SuiteApt(work, argv[1]), archives, root, strict)
    except NoDebianError as error:
        print(error, file=sys.stderr)
        return EXIT_NO_DEBIAN
    except (BringupError, OSError) as error:
        print(error, file=sys.stderr)
        return EXIT_FAILED
    finally:
        shutil.rmtree(work)
    if choice.superseded:
        taken = describe(choice.superseded)
        print(f"superseded, taken by the signed index: {taken}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
