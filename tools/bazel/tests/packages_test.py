"""The lock, the index and the choice between them."""

import hashlib
from pathlib import Path

import pytest

from tools.bazel.prefix import packages
from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.packages import Package, choose, format_lock, matches, parse_index

_OLD = Package("zlib1g", "1:1.3-1", 90_000, "a" * 64)
_NEW = Package("zlib1g", "1:1.3-2", 91_000, "b" * 64)
_OTHER = Package("patchelf", "0.18.0-1", 100, "c" * 64)

_INDEX = f"""\
Package: zlib1g
Version: 1:1.3-2
Description: a library
 Version: of a continued line is none
Size: 91000
SHA256: {"b" * 64}

Package: zlib1g
Version: 1:1.3-1
Size: 90000
SHA256: {"a" * 64}

Package: patchelf
Version: 0.18.0-1
Size: 100
SHA256: {"c" * 64}
"""


def test_the_lock_reads_what_it_writes() -> None:
    text = format_lock([_OLD, _OTHER], "Head.\nSecond line.")
    assert text.startswith("# Head.\n# Second line.\npatchelf ")
    assert packages.parse_lock(text) == (_OTHER, _OLD)


@pytest.mark.parametrize(
    "line", ["zlib1g", "zlib1g 1 x " + "a" * 64, "zlib1g 1 9 abc", "a b 1 " + "a" * 64 + " more"]
)
def test_a_line_that_is_no_package_is_named(line: str) -> None:
    with pytest.raises(
        BringupError, match=r"packages\.lock, line 2: .*" + line.split(maxsplit=1)[0]
    ):
        packages.parse_lock(f"# head\n{line}\n")


def test_the_index_keeps_all_versions_in_order() -> None:
    assert parse_index(_INDEX) == {"zlib1g": [_NEW, _OLD], "patchelf": [_OTHER]}


def test_a_locked_version_in_the_index_is_taken() -> None:
    choice = choose([_OLD, _OTHER], parse_index(_INDEX), strict=True)
    assert choice.packages == (_OLD, _OTHER)
    assert choice.superseded == ()


def test_a_superseded_version_gives_way_to_the_candidate() -> None:
    locked = Package("zlib1g", "1:1.2-9", 1, "d" * 64)
    choice = choose([locked], parse_index(_INDEX), strict=False)
    assert choice.packages == (_NEW,)
    assert packages.describe(choice.superseded) == "zlib1g 1:1.3-2 instead of the locked 1:1.2-9"


def test_strict_refuses_a_superseded_version() -> None:
    locked = Package("zlib1g", "1:1.2-9", 1, "d" * 64)
    with pytest.raises(BringupError, match=r"STOCK_STRICT=1 refuses zlib1g 1:1\.3-2 instead of"):
        choose([locked], parse_index(_INDEX), strict=True)


@pytest.mark.parametrize("wrong", [{"size": 1}, {"sha256": "e" * 64}])
def test_another_file_under_a_locked_version_is_refused(wrong: dict[str, int | str]) -> None:
    index = parse_index(_INDEX)
    locked = Package(**({"name": "zlib1g", "version": "1:1.3-1"} | vars(_OLD) | wrong))
    with pytest.raises(BringupError, match=r"zlib1g 1:1\.3-1 has another hash"):
        choose([locked], index, strict=False)


def test_a_dropped_package_is_named() -> None:
    with pytest.raises(BringupError, match="gone 1 is no longer in the suite"):
        choose([Package("gone", "1", 1, "a" * 64)], parse_index(_INDEX), strict=False)


@pytest.mark.parametrize(
    ("content", "size", "same"),
    [(b"right", 5, True), (b"wrong", 5, False), (b"right", 6, False), (b"right and", 5, False)],
)
def test_a_file_matches_by_size_and_hash(
    tmp_path: Path, content: bytes, size: int, same: bool
) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    package = Package("a", "1", size, hashlib.sha256(b"right").hexdigest())
    assert matches(file, package) is same


def test_the_lock_of_the_tree_is_sorted_and_complete() -> None:
    text = Path(packages.__file__).with_name("packages.lock").read_text()
    locked = packages.parse_lock(text)
    assert list(locked) == sorted(locked)
    assert {"bazel-bootstrap", "openjdk-25-jre-headless"} <= {package.name for package in locked}
