"""The BUILD files written for wheels: names, files, dependencies, programs."""

import compileall
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from tools.python.private import wheels_build


def _install(site: Path, name: str, files: dict[str, bytes], *requires: str) -> None:
    info = f"{name.replace('-', '_')}-1.dist-info"
    metadata = f"Name: {name}\nVersion: 1\n" + "".join(f"Requires-Dist: {r}\n" for r in requires)
    files = files | {f"{info}/METADATA": metadata.encode(), f"{info}/RECORD": b""}
    for path, content in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(content)
    record = "".join(f"{path},,\n" for path in files)
    (site / info / "RECORD").write_text(record, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    site = tmp_path / "site"
    _install(site, "Top_Level", {"top/__init__.py": b"", "top/a b.txt": b""}, "leaf>=1", "absent")
    _install(site, "leaf", {"leaf.py": b""}, 'top-level; extra == "all"')
    _install(site, "tool", {"bin/tool": b"\x7fELF", "bin/script": b"#!/bin/sh"})
    monkeypatch.chdir(tmp_path)
    compileall.compile_dir("site/top", quiet=2)
    monkeypatch.setattr(sys, "path", [*sys.path])
    wheels_build.main("site")
    return tmp_path


def test_a_library_for_each_distribution(root: Path) -> None:
    text = (root / "BUILD.bazel").read_text(encoding="utf-8")
    assert "srcs = ['site/top/__init__.py']" in text
    assert f"'{cache_from_source('site/top/__init__.py')}'" in text
    assert "'site/Top_Level-1.dist-info/METADATA'" in text
    assert "deps = [':leaf']" in text
    assert "deps = [':leaf', ':tool', ':top-level']" in text
    assert "a b.txt" not in text


def test_an_extra_is_no_dependency(root: Path) -> None:
    text = (root / "BUILD.bazel").read_text(encoding="utf-8")
    _, _, leaf = text.partition("name = 'leaf'")
    assert leaf.partition(")")[0].count("deps = []") == 1


def test_programs_but_no_scripts(root: Path) -> None:
    assert "exports_files(['site/bin/tool'])" in (root / "BUILD.bazel").read_text(encoding="utf-8")
    programs = (root / "bin/BUILD.bazel").read_text(encoding="utf-8")
    assert "actual = '//:site/bin/tool'" in programs
    assert "script" not in programs
