"""What is told of a package: its line, its licence, its files."""

import json
import subprocess
from pathlib import Path

import pytest

from tools.bazel.prefix.packages import Package
from tools.debian.archives import describe_archive, files_of, licence

_FORMAT = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            _FORMAT + "Files: debian/*\nLicense: GPL-2\n\nFiles: *\nLicense: Apache-2.0\n text\n",
            "Apache-2.0",
        ),
        (_FORMAT + "Files: src/*\nCopyright: 2020\nLicense: Zlib\n", "Zlib"),
        ("It is free, ask the author: nobody.", ""),
    ],
)
def test_the_licence_is_that_of_most_files(text: str, expected: str) -> None:
    assert licence(text) == expected


def test_a_line_has_a_package_url_that_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "usr/share/doc/libgrpc++-dev"
    folder.mkdir(parents=True)
    (folder / "copyright").write_text("Files: *\nLicense: Apache-2.0\n", encoding="utf-8")
    package = Package("libgrpc++-dev", "1:1.51.1-3~a+b1", 10, "ab" * 32)
    assert json.loads(describe_archive(package, tmp_path, "bookworm")) == {
        "hash": "sha256:" + "ab" * 32,
        "licence": "Apache-2.0",
        "licence_text": "",
        "purl": "pkg:deb/debian/libgrpc%2B%2B-dev@1%3A1.51.1-3~a%2Bb1?arch=amd64&distro=bookworm",
    }


def test_a_licence_that_machines_cannot_read_is_told_by_its_text(tmp_path: Path) -> None:
    folder = tmp_path / "usr/share/doc/x"
    folder.mkdir(parents=True)
    (folder / "copyright").write_text("It is free.\n", encoding="utf-8")
    told = json.loads(describe_archive(Package("x", "1", 10, "ab" * 32), tmp_path, "bookworm"))
    assert (told["licence"], told["licence_text"]) == ("", "It is free.\n")


def test_files_and_links_of_a_package(tmp_path: Path) -> None:
    control = tmp_path / "package/DEBIAN/control"
    control.parent.mkdir(parents=True)
    control.write_text(
        "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x>\nDescription: x\n",
        encoding="utf-8",
    )
    (tmp_path / "package/usr").mkdir()
    (tmp_path / "package/usr/one").touch()
    (tmp_path / "package/usr/other").symlink_to("one")
    build = ["dpkg-deb", "--build", "--root-owner-group", "package", "x.deb"]
    unpack = ["dpkg-deb", "--vextract", "x.deb", "root"]
    for line in (build, unpack):
        done = subprocess.run(
            line, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60
        )
    assert sorted(files_of(done.stdout)) == ["usr/one", "usr/other"]
