"""Each tool of the table finds the fault it is there for, and repairs what it says it can."""

import os
import subprocess
from pathlib import Path

import pytest

from tools.format.check import copy_sources
from tools.format.tools import TOOLS, Tool, command

_FAULTS = {
    "biome": ("node/src/log.ts", "export type Log = ", "export type Log =  "),
    "buf_breaking": ("proto/kv.proto", "bytes value = 2;", "bytes value = 3;"),
    "buf_format": ("proto/kv.proto", "string key = 1;", "string   key = 1;"),
    "buf_lint": (
        "proto/kv.proto",
        "message Empty {}",
        "message Empty {\n  string noComment = 1;\n}",
    ),
    "buildifier": ("tools/proto/providers.bzl", "provider(", "provider( "),
    "clang_format": ("cpp/about.cc", "namespace stock::about {", "namespace   stock::about {"),
    "gofmt": ("go/stock_server/main.go", "func main()", "func  main()"),
    "google_java_format": (
        "java/src/dev/tofusoup/stock/About.java",
        "final class About",
        "final  class About",
    ),
    "ktlint": (
        "kotlin/src/dev/tofusoup/stock/About.kt",
        "object About {",
        "object  About {",
    ),
    "rsharpier": ("csharp/Usings.cs", "global using System;", "global  using System;"),
    "ruff_check": ("tools/format/tools.py", "import Iterable,", "import Callable, Iterable,"),
    "ruff_format": ("tools/format/tools.py", "_RENAMED = ", "_RENAMED   = "),
    "rubocop": ("ruby/lib/stock/store.rb", "@values = {}", "@values={}"),
    "rustfmt": ("rust/src/lib.rs", "pub mod store;", "pub mod  store;"),
    "scalafmt": ("scala/src/dev/tofusoup/stock/About.scala", "object About:", "object  About:"),
    "standard_clj": ("clojure/src/stock/about.clj", "\n  [program]", "\n      [program]"),
}
"""For each tool: a file of the workspace, and what in it to replace by what."""


def _run(tool: Tool, arguments: tuple[str, ...], tree: Path, path: str) -> int:
    line = command(tool, arguments, [path])
    environment = os.environ | {"HOME": str(tree)}
    return subprocess.run(line, cwd=tree, check=False, timeout=60, env=environment).returncode


def test_there_is_a_fault_for_each_tool() -> None:
    assert _FAULTS.keys() == TOOLS.keys()


@pytest.mark.parametrize("name", TOOLS)
def test_a_fault_is_found_and_repaired(tmp_path: Path, name: str) -> None:
    if missing := os.environ.get(f"{name.upper()}_MISSING"):
        pytest.skip(missing)
    copy_sources(tmp_path)
    path, right, wrong = _FAULTS[name]
    text = (tmp_path / path).read_text(encoding="utf-8")
    assert right in text
    tool = TOOLS[name]
    assert _run(tool, tool.check, tmp_path, path) == 0
    (tmp_path / path).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    assert _run(tool, tool.check, tmp_path, path) != 0
    if tool.repair:
        assert _run(tool, tool.repair, tmp_path, path) == 0
        assert (tmp_path / path).read_text(encoding="utf-8") == text


def test_a_tool_without_files_is_no_pass() -> None:
    with pytest.raises(FileNotFoundError, match="no source matches"):
        command(TOOLS["ruff_check"], (), ["a.go"])
