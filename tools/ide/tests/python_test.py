"""mypy resolves generated and third-party code by what pyrightconfig.json says, and by the environment."""

import json
import sys

import pytest

from tools.ide.tests.conftest import Editor

_WRONG = """\
import grpc
from proto import stock_pb2
reveal_type(stock_pb2.PutRequest().key)
reveal_type(grpc.StatusCode.OK)
stock_pb2.Nothing()
"""


@pytest.fixture(scope="module")
def settings(editor: Editor) -> dict[str, list[str]]:
    """What pyright is told."""
    loaded: dict[str, list[str]] = json.loads(
        (editor.workspace / "pyrightconfig.json").read_text("utf-8")
    )
    return loaded


def _mypy(editor: Editor, roots: list[str], *files: str) -> tuple[int, str]:
    interpreter = editor.workspace / "generated/venv/bin/python3"
    # mypy itself is in the environment; generated code is where pyright is told that it is.
    environ = {"MYPYPATH": ":".join(roots), "PYTHONHASHSEED": "0"}
    argv = [interpreter, "-m", "mypy", f"--cache-dir={editor.scratch}/mypy", *files]
    return editor.run(argv, environ)


def test_our_own_sources_are_understood(editor: Editor, settings: dict[str, list[str]]) -> None:
    files = ["python/service.py", "python/stock_client.py", "python/session/session_test.py"]
    code, said = _mypy(editor, settings["extraPaths"], *files)
    assert code == 0, said


def test_types_are_those_of_the_stubs(editor: Editor, settings: dict[str, list[str]]) -> None:
    (editor.workspace / "wrong.py").write_text(_WRONG, "utf-8")
    code, said = _mypy(editor, settings["extraPaths"], "wrong.py")
    assert code == 1
    assert 'wrong.py:3: note: Revealed type is "str"' in said
    assert "grpc.StatusCode.OK" in said
    assert 'has no attribute "Nothing"' in said


def test_without_them_nothing_is_found(editor: Editor) -> None:
    code, said = _mypy(editor, [], "python/service.py")
    assert code == 1
    assert 'module named "proto"' in said


def test_programs_run_in_the_environment(editor: Editor) -> None:
    interpreter = editor.workspace / "generated/venv/bin/python3"
    code, said = editor.run([interpreter, "-c", "import grpc, sys; print(sys.version_info[:2])"])
    assert (code, said) == (0, f"{sys.version_info[:2]}\n")
