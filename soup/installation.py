"""Installed programs: copies of what a workspace has built, which need no workspace any more.

A folder for each language, `stock-go`, with `stock_server` and `stock_client` and the trees of files
that they need beside them. It is complete or absent: made beside its place, then renamed.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from soup.errors import StockError, unusable
from soup.programs import file_name

ROLES: Final = ("server", "client")
_STAMP: Final = "stamp"
_PREFIX: Final = "stock-"


class Installed(NamedTuple):
    """A language's installed programs."""

    language: str
    folder: Path

    @property
    def size(self) -> int:
        """Bytes on the disk, files that both programs share once."""
        found = {(s.st_dev, s.st_ino): s.st_size for s in map(os.lstat, _files(self.folder))}
        return sum(found.values())


def installations(folder: Path) -> list[Installed]:
    """What is installed, by language."""
    found = sorted(folder.glob(f"{_PREFIX}*"))
    return [Installed(path.name.removeprefix(_PREFIX), path) for path in found if path.is_dir()]


def install(built: Path, target: Path, anew: bool) -> bool:
    """Copies a language's programs from a folder of bazel-bin; False if they are there already.

    StockError where they cannot be read or written.
    """
    try:
        stamp = _stamp(built)
        if not anew and _read(target / _STAMP) == stamp:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            _copy(built, beside)
            (beside / _STAMP).write_text(stamp, "utf-8")
            beside.chmod(0o755)
            remove(target)
            beside.rename(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise unusable(error) from None
    return True


def remove(target: Path) -> bool:
    """Removes a language's installed programs; False if there are none."""
    if not target.exists():
        return False
    # Renamed first: what is half removed must not be found.
    doomed = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    target.rename(doomed / target.name)
    shutil.rmtree(doomed)
    return True


def _sources(built: Path) -> Iterator[tuple[Path, Path]]:
    """The files that the programs need: their paths below the folder, and the real files."""
    for role in ROLES:
        name = file_name(role)
        if not (built / name).exists():
            raise StockError(f"{built / name}: there is no such file")
        for path in _files(built / f"{name}.runfiles"):
            if path.name != "MANIFEST":
                yield path.relative_to(built), path.resolve()
        yield Path(name), (built / name).resolve()


def _files(folder: Path) -> Iterator[Path]:
    # Trees of files may be links to folders.
    for at, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        yield from (Path(at, name) for name in sorted(names))


def _stamp(built: Path) -> str:
    digest = hashlib.sha256()
    for path, real in _sources(built):
        found = real.stat()
        digest.update(f"{path}\0{real}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _copy(built: Path, target: Path) -> None:
    copied: dict[Path, Path] = {}
    for path, real in _sources(built):
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        within = _within_runfiles(path, built.name)
        if (target / within).exists():
            # Where its launcher looks beside itself for what it needs.
            place.symlink_to(within)
        # What both programs need is there once.
        elif first := copied.get(real):
            os.link(first, place)
        else:
            shutil.copy2(real, place)
            copied[real] = place


def _within_runfiles(path: Path, package: str) -> Path:
    """Where a program stands in its tree of files, if it does; the trees were copied before it."""
    return Path(f"{path}.runfiles") / "_main" / package / path.name


def _read(file: Path) -> str | None:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None
