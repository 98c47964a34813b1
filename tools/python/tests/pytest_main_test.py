"""The pytest runner of the rules: what is a failure, and how tests are chosen."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.python.private import pytest_main


def _run(tmp_path: Path, source: str, *arguments: str, **environment: str) -> int:
    file = tmp_path / "x_test.py"
    file.write_text(source, encoding="utf-8")
    line = [sys.executable, pytest_main.__file__, str(file), "--", *arguments]
    environment["PYTHONPATH"] = ":".join(sys.path)
    return subprocess.run(line, env=environment, cwd=tmp_path, timeout=60, check=False).returncode


_TWO = "def test_first(): pass\ndef test_second(): assert False\n"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("def test_a(): pass", 0),
        ("def test_a(): assert False", 1),
        ("import warnings\ndef test_a(): warnings.warn('w')", 1),
        ("async def test_a(): assert False", 1),
        ("import nowhere", 2),
        ("def helper(): pass", 5),
    ],
    ids=["passes", "fails", "warns", "awaits", "broken", "empty"],
)
def test_the_exit_code(tmp_path: Path, source: str, code: int) -> None:
    assert _run(tmp_path, source) == code


def test_the_filter_of_bazel_chooses(tmp_path: Path) -> None:
    assert _run(tmp_path, _TWO, TESTBRIDGE_TEST_ONLY="test_first") == 0
    assert _run(tmp_path, _TWO, TESTBRIDGE_TEST_ONLY="test_second") == 1


def test_arguments_go_to_pytest(tmp_path: Path) -> None:
    assert _run(tmp_path, _TWO, "-k", "test_first") == 0


def test_the_report_stands_where_bazel_looks(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    _run(tmp_path, _TWO, XML_OUTPUT_FILE=str(report))
    assert 'tests="2"' in report.read_text(encoding="utf-8")
