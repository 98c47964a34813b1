"""clang and the compiler itself understand C++ by the compile_commands.json, generated headers and all."""

import json
from pathlib import Path
from typing import Any

from tools.format.tools import runfile
from tools.ide.tests.conftest import Editor

_SERVICE = "cpp/service.cc"
_TEST = "cpp/tests/service_test.cc"


def _commands(editor: Editor) -> dict[str, dict[str, Any]]:
    found = json.loads((editor.workspace / "compile_commands.json").read_text("utf-8"))
    return {str(Path(one["file"]).relative_to(editor.workspace)): one for one in found}


def _clang(editor: Editor, file: str) -> tuple[int, str]:
    # One check that says nothing of ours: what counts is whether clang understands the file.
    check = "--checks=-*,google-readability-casting"
    program = runfile("cpp_tools/bin/clang-tidy")
    return editor.run(
        [program, "--quiet", check, f"-p={editor.workspace}", editor.workspace / file]
    )


def test_every_source_has_a_command(editor: Editor) -> None:
    sources = {
        str(path.relative_to(editor.workspace)) for path in editor.workspace.glob("cpp/**/*.cc")
    }
    assert set(_commands(editor)) == sources


def test_the_compiler_takes_the_command(editor: Editor) -> None:
    command = _commands(editor)[_SERVICE]
    assert command["directory"] == str(editor.workspace)
    assert editor.run([*command["arguments"], "-fsyntax-only"]) == (0, "")


def test_clang_understands(editor: Editor) -> None:
    code, said = _clang(editor, _TEST)
    assert code == 0, said


def test_a_header_that_is_not_there_is_told(editor: Editor) -> None:
    [header] = editor.workspace.glob("generated/cpp/stock_grpc/**/stock.pb.h")
    elsewhere = header.rename(header.with_suffix(".gone"))
    try:
        code, said = _clang(editor, _SERVICE)
    finally:
        elsewhere.rename(header)
    assert code != 0
    assert "stock.pb.h" in said
