"""The BUILD files written for wheels: names, files, dependencies, programs."""

import compileall
import json
import sys
from email import message_from_string
from importlib import metadata
from importlib.util import cache_from_source
from pathlib import Path
from typing import cast

import pytest

from tools.python.private import wheels_build


def _install(site: Path, name: str, files: dict[str, bytes], *requires: str) -> None:
    info = f"{name.replace('-', '_')}-1.dist-info"
    metadata = f"Name: {name}\nVersion: 1\nLicense: {name} licence\n"
    metadata += "".join(f"Requires-Dist: {r}\n" for r in requires)
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
    installed = [
        {
            "metadata": {"name": name, "version": "1"},
            "download_info": {"archive_info": {"hash": f"sha256=00{number}"}},
        }
        for number, name in enumerate(("Top_Level", "leaf", "tool"))
    ]
    Path("report.json").write_text(json.dumps({"install": installed}), encoding="utf-8")
    wheels_build.main("site", "report.json")
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


def test_each_wheel_is_told_of(root: Path) -> None:
    line = (root / "components/top-level.jsonl").read_text(encoding="utf-8")
    assert json.loads(line) == {
        "hash": "sha256:000",
        "licence": "Top_Level licence",
        "licence_text": "",
        "purl": "pkg:pypi/top-level@1",
    }
    archives = (root / "archives.jsonl").read_text(encoding="utf-8")
    assert line in archives
    assert archives.count("\n") == 3
    assert "components = ['components/top-level.jsonl']" in (root / "BUILD.bazel").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: x\n", "MIT OR Apache-2.0"),
        ("License: BSD\nClassifier: License :: OSI Approved :: MIT License\n", "BSD"),
        (
            "License: one\n  two\nClassifier: License :: OSI Approved :: MIT License\n",
            "MIT License",
        ),
        ("Classifier: Topic :: x\n", ""),
    ],
)
def test_licences(fields: str, licence: str) -> None:
    assert (
        wheels_build.licence(cast(metadata.PackageMetadata, message_from_string(fields))) == licence
    )
