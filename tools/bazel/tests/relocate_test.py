"""Links and the class path of a relocated tree."""

import os
import zipfile
from pathlib import Path

import pytest

from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.relocate import class_path, relative_links


def _jar(root: Path, name: str, class_path_line: str | None = None) -> str:
    file = Path(f"{root}/usr/share/java/{name}")
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as archive:
        if class_path_line is not None:
            archive.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\r\n{class_path_line}")
    return f"/usr/share/java/{name}"


def test_absolute_links_become_relative(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "usr/lib").mkdir(parents=True)
    (root / "etc/java").mkdir(parents=True)
    (root / "usr/lib/conf").symlink_to("/etc/java")
    (root / "usr/lib/absent").symlink_to("/etc/none")
    (root / "usr/lib/near").symlink_to("conf")
    relative_links(root)
    assert os.readlink(root / "usr/lib/conf") == "../../etc/java"
    assert os.readlink(root / "usr/lib/absent") == "../../etc/none"
    assert os.readlink(root / "usr/lib/near") == "conf"
    moved = root.rename(tmp_path / "home")
    assert (moved / "usr/lib/near").resolve() == moved / "etc/java"


def test_the_class_path_follows_manifests(tmp_path: Path) -> None:
    first = _jar(tmp_path, "first.jar", "Class-Path: second.jar /usr/share/java/thi\r\n rd.jar\r\n")
    second = _jar(tmp_path, "second.jar", "Class-Path: file:///usr/share/java/first.jar none.jar")
    third = _jar(tmp_path, "third.jar")
    assert class_path(tmp_path, [first]) == [first, second, third]


def test_a_jar_under_two_names_stands_once(tmp_path: Path) -> None:
    first = _jar(tmp_path, "first-1.0.jar")
    (tmp_path / "usr/share/java/first.jar").symlink_to("first-1.0.jar")
    assert class_path(tmp_path, ["/usr/share/java/first.jar", first]) == [
        "/usr/share/java/first.jar"
    ]


def test_a_listed_jar_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BringupError, match=r"the packages lack /usr/share/java/gone\.jar: renew"):
        class_path(tmp_path, [_jar(tmp_path, "first.jar"), "/usr/share/java/gone.jar"])


def test_a_jar_that_debian_never_ships_is_left_out(tmp_path: Path) -> None:
    first = _jar(tmp_path, "first.jar")
    assert class_path(tmp_path, ["/usr/share/java/netty-tcnative.jar", first]) == [first]
