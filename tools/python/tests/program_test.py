"""A program of the rules starts from anywhere, with its own imports and nobody else's."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from runfiles import Runfiles

from tools.python.tests.fake import event


def _program() -> str:
    runfiles = Runfiles.Create()
    assert runfiles is not None
    path = runfiles.Rlocation(os.environ["PROGRAM"])
    assert path is not None
    return path


def _run(program: str, *arguments: str, **environment: str) -> dict[str, Any]:
    finished = subprocess.run(
        [program, *arguments], env=environment, capture_output=True, timeout=30, check=True
    )
    report: dict[str, Any] = json.loads(finished.stdout)
    return report


def test_generated_code_is_imported_by_its_proto_path() -> None:
    assert event("k").key == "k"


def test_arguments_arrive_as_they_are() -> None:
    assert _run(_program(), "--flag", "", "a b")["arguments"] == ["--flag", "", "a b"]


def test_a_slash_more_before_its_path_is_nothing() -> None:
    assert _run("/" + _program())["runfiles"] == _run(_program())["runfiles"]


def test_the_environment_says_nothing_to_python(tmp_path: Path) -> None:
    (tmp_path / "runpy.py").write_text("raise SystemExit('taken from PYTHONPATH')")
    report = _run(_program(), PYTHONPATH=str(tmp_path), PYTHONINSPECT="1")
    assert str(tmp_path) not in report["path"]


def test_only_the_standard_library_and_the_declared_roots_are_on_the_path() -> None:
    report = _run(_program())
    own = {Path(path).name for path in report["path"] if path.startswith(report["runfiles"])}
    foreign = [
        path for path in report["path"] if "site-packages" in path or "dist-packages" in path
    ]
    assert report["isolated"] == 1
    assert foreign == []
    assert own == {"_main", "stock_grpc", "site"}


def test_an_undeclared_distribution_is_not_found() -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("rich")


def test_a_link_finds_the_runfiles(tmp_path: Path) -> None:
    link = tmp_path / "elsewhere"
    link.symlink_to(_program())
    assert _run(str(link))["event"] == "k"


def test_a_copy_without_runfiles_says_so(tmp_path: Path) -> None:
    copy = tmp_path / "program"
    copy.write_bytes(Path(_program()).read_bytes())
    copy.chmod(0o755)
    finished = subprocess.run([copy], capture_output=True, text=True, timeout=30, check=False)
    assert finished.returncode == 1
    assert finished.stderr.startswith("error: no runfiles beside ")


def test_a_plain_python_child_imports_the_same_code() -> None:
    subprocess.run([sys.executable, "-c", "import tools.python.tests.fake"], timeout=30, check=True)
