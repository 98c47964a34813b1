"""Ruby itself finds generated code and gems on the load paths that .solargraph.yml says."""

import itertools
from pathlib import Path

from tools.ide.tests.conftest import Editor

_RUNTIME = "generated/tools/ruby/runtime"
_ALL = """
%w[service listener session/server session/client version].each { |name| require "stock/#{name}" }
puts Stock::VERSION
"""


def _listed(editor: Editor, key: str) -> list[str]:
    """The items of a list in the file, which has nothing but lists of strings."""
    text = (editor.workspace / ".solargraph.yml").read_text("utf-8")
    _, _, below = text.partition(f"{key}:\n")
    lines = itertools.takewhile(lambda line: line.startswith("  - "), below.splitlines())
    return [line.removeprefix("  - ") for line in lines]


def _ruby(editor: Editor, paths: list[str], script: str) -> tuple[int, str]:
    runtime = editor.workspace / _RUNTIME
    flags = [word for path in paths for word in ("-I", path)]
    environ = {"LD_LIBRARY_PATH": f"{runtime}/lib"}
    return editor.run([runtime / "bin/ruby3.1", "--disable-gems", *flags, "-e", script], environ)


def test_everything_required_is_found(editor: Editor) -> None:
    code, said = _ruby(editor, _listed(editor, "require_paths"), _ALL)
    assert code == 0, said
    assert said.strip()


def test_what_is_not_on_the_paths_is_told(editor: Editor) -> None:
    paths = [path for path in _listed(editor, "require_paths") if not path.endswith("/stock_grpc")]
    code, said = _ruby(editor, paths, _ALL)
    assert code != 0
    assert "cannot load such file -- proto/" in said


def test_generated_files_are_among_those_that_are_read(editor: Editor) -> None:
    patterns = _listed(editor, "include")
    read = {path for pattern in patterns for path in editor.workspace.glob(pattern)}
    assert Path(editor.workspace / "generated/ruby/stock_grpc/proto/stock_pb.rb") in read
    assert Path(editor.workspace / "ruby/lib/stock/service.rb") in read
