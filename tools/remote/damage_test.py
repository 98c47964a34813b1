"""Harm is done, and the same each time."""

from pathlib import Path

import pytest

from tools.remote.damage import blob, blobs, flip, remove
from tools.remote.install import RemoteError


def _store(place: Path) -> Path:
    for number in range(20):
        file = blob(place, f"{number:064x}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"abc")
    (place / "ac").mkdir()
    (place / "ac/entry").touch()
    return place


def test_a_flip_changes_one_byte(tmp_path: Path) -> None:
    file = blobs(_store(tmp_path))[3]
    flip(file)
    assert file.read_bytes() == b"acc"
    assert len(blobs(tmp_path)) == 20
    (tmp_path / "empty").touch()
    for nothing in ("empty", "absent"):
        with pytest.raises(RemoteError, match=nothing):
            flip(tmp_path / nothing)


def test_a_share_of_the_blobs_is_removed(tmp_path: Path) -> None:
    one, other = (_store(tmp_path / name) for name in ("one", "other"))
    assert (remove(one, 0.1), remove(other, 0.1)) == (2, 2)
    names = [{file.name for file in blobs(store)} for store in (one, other)]
    assert names[0] == names[1]
    assert len(names[0]) == 18
    assert remove(one, 0.001) == 1
    assert remove(one, 1.0) == 17
    assert (one / "ac/entry").exists()
    with pytest.raises(RemoteError, match="1 blobs are to go"):
        remove(one, 0.1)


def test_only_what_is_asked_for_is_removed(tmp_path: Path) -> None:
    store = _store(tmp_path)
    asked = [f"{number:064x}" for number in range(3)]
    assert remove(store, 0.1, asked) == 2
    assert len({file.name for file in blobs(store)} & set(asked)) == 1
    with pytest.raises(RemoteError, match="2 blobs are to go"):
        remove(store, 0.1, asked)
