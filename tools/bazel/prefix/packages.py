"""The packages of the prefix: the lock, the suite's index, and the choice between the two."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.bazel.prefix.errors import BringupError

_RENEW = "renew the lock with tools/bazel/update"


@dataclass(frozen=True, order=True)
class Package:
    """One Debian package file; `size` in bytes, `sha256` in lower-case hexadecimal digits."""

    name: str
    version: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Choice:
    """The packages to take, and for each superseded one the pair (locked, taken)."""

    packages: tuple[Package, ...]
    superseded: tuple[tuple[Package, Package], ...]


def parse_lock(text: str) -> tuple[Package, ...]:
    """Reads lines `name version size sha256`; empty lines and comments (#) are left out.

    Raises BringupError that names the line which is none of them.
    """
    packages = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split()
        if len(fields) != 4 or not fields[2].isdecimal() or len(fields[3]) != 64:
            raise BringupError(
                f"packages.lock, line {number}: expected `name version size sha256`, got {line!r}"
            )
        packages.append(Package(fields[0], fields[1], int(fields[2]), fields[3]))
    return tuple(packages)


def format_lock(packages: Iterable[Package], head: str) -> str:
    """The text that parse_lock reads, sorted by name, under `head` as its comment."""
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    return comment + "".join(
        f"{p.name} {p.version} {p.size} {p.sha256}\n" for p in sorted(packages)
    )


def parse_index(text: str) -> dict[str, list[Package]]:
    """Reads what `apt-cache show` prints: the versions of each package, the candidate first."""
    index: dict[str, list[Package]] = {}
    for record in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in record.splitlines() if ": " in line and line[0] != " "
        )
        if "Package" in fields and "SHA256" in fields:
            package = Package(
                fields["Package"], fields["Version"], int(fields["Size"]), fields["SHA256"]
            )
            index.setdefault(package.name, []).append(package)
    return index


def choose(locked: Sequence[Package], index: dict[str, list[Package]], strict: bool) -> Choice:
    """Each locked package if the index has it, else the version that superseded it.

    The index is the one that Debian's key signs, so its hash vouches for a superseding version.
    Raises BringupError if the suite dropped a package, if it tells another hash for a locked
    version, and, if `strict`, if a package is superseded.
    """
    taken, superseded = [], []
    for package in locked:
        label = f"package {package.name} {package.version}"
        versions = index.get(package.name, [])
        if not versions:
            raise BringupError(f"{label} is no longer in the suite: {_RENEW}")
        same = [present for present in versions if present.version == package.version]
        if same and package not in same:
            raise BringupError(f"{label} has another hash in the index than in the lock")
        if not same:
            superseded.append((package, versions[0]))
        taken.append(same[0] if same else versions[0])
    if strict and superseded:
        raise BringupError(f"STOCK_STRICT=1 refuses {describe(superseded)}: {_RENEW}")
    return Choice(tuple(taken), tuple(superseded))


def describe(superseded: Iterable[tuple[Package, Package]]) -> str:
    """The superseded packages with both versions, for a message of one line."""
    return ", ".join(
        f"{old.name} {new.version} instead of the locked {old.version}" for old, new in superseded
    )


def matches(file: Path, package: Package) -> bool:
    """Whether `file` has the size and the hash of `package`."""
    if file.stat().st_size != package.size:
        return False
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == package.sha256
