"""The wheel that is built: what it holds, the same bytes anywhere, and a name that is not the rule's."""

import zipfile
from pathlib import Path

import pytest

from tools.python.private.wheel_build import main

_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "a-name"
requires-python = ">=3.11"
dynamic = ["version"]

[tool.hatch.version]
source = "env"
variable = "STOCK_VERSION"

[tool.hatch.build.targets.wheel]
packages = ["inside"]
"""


def built(folder: Path, name: str = "a_name-1.2-py3-none-any.whl") -> Path:
    """A wheel of one module, its files elsewhere than in the project."""
    folder.mkdir()
    (folder / "p").write_text(_PROJECT, "utf-8")
    (folder / "m").write_text("X = 1\n", "utf-8")
    lines = [str(folder / name), "1.2"]
    lines += [f"pyproject.toml={folder / 'p'}", f"inside/module.py={folder / 'm'}"]
    (folder / "arguments").write_text("\n".join(lines) + "\n", "utf-8")
    main([f"@{folder / 'arguments'}"])
    return folder / name


def test_files_stand_where_they_stand_in_the_project(tmp_path: Path) -> None:
    with zipfile.ZipFile(built(tmp_path / "one")) as wheel:
        assert wheel.read("inside/module.py") == b"X = 1\n"
        assert b"Version: 1.2\n" in wheel.read("a_name-1.2.dist-info/METADATA")


def test_the_bytes_are_the_same_anywhere(tmp_path: Path) -> None:
    one, other = (built(tmp_path / name).read_bytes() for name in ("one", "another"))
    assert one == other


def test_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"is a_name-1\.2-py3-none-any\.whl, the rule's is other\.whl"
    ):
        built(tmp_path / "one", "other.whl")
