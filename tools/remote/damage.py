"""Harms the folder of an HTTP cache."""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.remote.install import RemoteError


def blobs(store: Path) -> Sequence[Path]:
    """The blobs of a store, always in the same order."""
    return sorted(path for path in (store / "cas").rglob("*") if path.is_file())


def blob(store: Path, digest: str) -> Path:
    """Where the blob of a digest stands."""
    return store / "cas" / digest[:2] / digest


def flip(file: Path) -> None:
    """Changes one byte in the middle of a file. Raises RemoteError where there is none."""
    if not file.is_file() or not file.stat().st_size:
        raise RemoteError(f"nothing to flip in {file}")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    # nginx may have the old file open.
    new = file.with_name(file.name + ".new")
    new.write_bytes(data)
    new.replace(file)


def remove(store: Path, share: float, asked: Iterable[str] = ()) -> int:
    """Removes a share of the blobs, at random but the same each time; how many. At least one.

    They are some of the digests `asked`: of commands and of links between blobs, which a store has
    as many of, no build asks for any. All blobs may go where none is named.
    """
    found = blobs(store)
    number = max(1, round(len(found) * share))
    names = frozenset(asked)
    candidates = [file for file in found if file.name in names] if names else found
    if number > len(candidates):
        raise RemoteError(f"{number} blobs are to go, and {store} has {len(candidates)} of them")
    for file in random.Random(0).sample(candidates, number):
        file.unlink()
    return number
