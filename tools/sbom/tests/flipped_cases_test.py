"""The pieces of flipped_test, which is a script since it runs Bazel."""

from pathlib import Path

import pytest

from tools.sbom.flipped_cases import FlippedError, archive, flip


def test_one_byte_is_another_and_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "archive"
    file.write_bytes(b"abcde")
    file.chmod(0o444)
    flip(file)
    assert file.read_bytes() == b"abbde"
    assert file.stat().st_mode & 0o777 == 0o444
    flip(file)
    assert file.read_bytes() == b"abcde"


def test_the_largest_archive_is_taken(tmp_path: Path) -> None:
    for name, size in (("a.crate", 1), ("b.crate", 3), ("c.txt", 9)):
        (tmp_path / name).write_bytes(b"x" * size)
    assert archive(tmp_path, "*.crate").name == "b.crate"


def test_a_cache_without_archives_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FlippedError, match=r"no \*\.crate"):
        archive(tmp_path, "*.crate")
