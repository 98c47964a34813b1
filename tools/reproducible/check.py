"""Builds everything twice from nothing, in different places, and compares what every action made."""

import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from tools.execution.log import Spawn
from tools.execution.workspace import Workspace, WorkspaceError, cache

# Two machines that differ in what must not matter.
_PLACES: Sequence[tuple[str, Mapping[str, str], int]] = (
    ("one", {"TZ": "UTC", "LC_ALL": "C.UTF-8", "USER": "one"}, 0o022),
    ("another/and longer", {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "USER": "two"}, 0o027),
)
_EXCEPTIONS = Path(__file__).parent / "exceptions.toml"


class Allowed(NamedTuple):
    """What two builds may make otherwise: a file by a shell pattern and its action's mnemonic."""

    path: str
    mnemonic: str
    reason: str


class Made(NamedTuple):
    """One file that an action made."""

    # `go`, `tools/go`, `@go_deps`: whose it is.
    owner: str
    mnemonic: str
    path: str


def owner(spawn: Spawn) -> str:
    """The language's folder, tool's folder or external repository that a spawn belongs to."""
    if spawn.package.startswith("@"):
        return spawn.package.partition("//")[0].split("~")[-1].lstrip("@")
    return "/".join(spawn.package.split("/")[: 2 if spawn.package.startswith("tools/") else 1])


def digests(spawns: Iterable[Spawn]) -> dict[Made, str]:
    """The digest of each file that spawns made."""
    return {
        Made(owner(spawn), spawn.mnemonic, path): digest
        for spawn in spawns
        for path, digest in spawn.outputs.items()
    }


def differences(one: Mapping[Made, str], other: Mapping[Made, str]) -> list[Made]:
    """What one build made otherwise than the other, or alone."""
    return sorted(made for made in one.keys() | other.keys() if one.get(made) != other.get(made))


def exceptions(text: str) -> list[Allowed]:
    """The exceptions of a list. ValueError for an entry that lacks something."""
    entries = tomllib.loads(text).get("exception", [])
    found = [Allowed(*(entry.get(name, "") for name in Allowed._fields)) for entry in entries]
    for each in found:
        if not all(each):
            raise ValueError(f"exceptions.toml: {each}: a path, a mnemonic and a reason expected")
    return found


def unexplained(
    different: Iterable[Made], allowed: Sequence[Allowed]
) -> tuple[list[Made], list[Allowed]]:
    """The differences that no exception allows, and the exceptions that allow none."""
    left, unused = [], set(allowed)
    for made in different:
        fits = {
            each
            for each in allowed
            if each.mnemonic == made.mnemonic and fnmatchcase(made.path, each.path)
        }
        unused -= fits
        if not fits:
            left.append(made)
    return left, sorted(unused)


def table(made: Iterable[Made], different: Iterable[Made]) -> list[str]:
    """A line for each owner and mnemonic: how many files, and how many of them differ."""
    total = Counter((file.owner, file.mnemonic) for file in made)
    wrong = Counter((file.owner, file.mnemonic) for file in different)
    return [
        f"{name:<24}{mnemonic:<28}{count:>6} files{wrong[name, mnemonic]:>6} different"
        for (name, mnemonic), count in sorted(total.items())
    ]


def build(
    folder: Path, variables: Mapping[str, str], mask: int, targets: Sequence[str]
) -> dict[Made, str]:
    """Builds targets from nothing in a folder; the digests of what was made. Raises WorkspaceError."""
    workspace = Workspace(folder, variables=variables, umask=mask)
    try:
        workspace.copy()
        return digests(workspace.build(*targets))
    finally:
        workspace.end()
        workspace.empty()


def main(argv: Sequence[str]) -> int:
    """Compares two builds of the targets in `argv`, or of everything; 1 where they differ."""
    builds = []
    try:
        for name, variables, mask in _PLACES:
            start = time.monotonic()
            builds.append(
                build(cache() / "reproducible" / name, variables, mask, argv or ["//..."])
            )
            print(f"built in {name!r}: {time.monotonic() - start:.0f} s", flush=True)
    except WorkspaceError as error:
        print(error, file=sys.stderr)
        return 1
    one, other = builds
    different = differences(one, other)
    print("\n".join(table(one.keys() | other.keys(), different)))
    left, unused = unexplained(different, exceptions(_EXCEPTIONS.read_text("utf-8")))
    for made in left:
        print(f"different: {made.path} ({made.mnemonic} of {made.owner})")
    # A part of the tree may have nothing of an exception.
    unused = [] if argv else unused
    for each in unused:
        print(
            f"not different any more: {each.path} ({each.mnemonic}): take it out of exceptions.toml"
        )
    excused = len(different) - len(left)
    print(
        f"{len(one)} files of actions, {len(left)} different, {excused} as exceptions.toml allows"
    )
    return 1 if left or unused or not one else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
