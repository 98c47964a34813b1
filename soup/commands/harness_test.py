"""Programs are kept, listed and removed."""

import json
from pathlib import Path

from soup.fakes.calling import call, refused
from soup.fakes.workspace import calls, script
from soup.workspace import Workspace


def test_programs_are_kept_listed_and_removed(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "cache/stock/harness/stock-go"
    assert call("harness", "build", "stock-go").stdout == f"stock-go: installed in {folder}\n"
    (build,) = calls(workspace)
    assert build.endswith("//go:stock_server //go:stock_client")
    listed = {one["name"]: one for one in json.loads(call("harness", "list", "--json").stdout)}
    assert listed["stock-go"]["folder"] == str(folder)
    assert listed["stock-go"]["bytes"] > 0
    assert listed["stock-rust"] == {"name": "stock-rust", "folder": None, "bytes": None}
    assert "stock-go" in call("harness", "list").stdout
    assert call("harness", "clean", "go").stdout == "stock-go: removed\n"
    assert call("harness", "clean", "go").stdout == "stock-go: not installed\n"
    assert call("harness", "clean", "--all").stdout == ""


def test_what_cannot_be_built_is_left_out(workspace: Workspace) -> None:
    values = '{"name": "language", "stringValue": "%s"}, {"name": "missing", "stringValue": "%s"}'
    rules = [
        f'{{"rule": {{"attribute": [{values % pair}]}}}}\n'
        for pair in (("go", "no Go"), ("cpp", ""))
    ]
    (workspace.root / "answer").write_text("".join(rules), "utf-8")
    result = call("harness", "build")
    assert "stock-go: left out: no Go" in result.stderr
    assert result.stdout.startswith("stock-cpp: installed in ")


def test_what_does_not_run_from_there_is_not_kept(workspace: Workspace, tmp_path: Path) -> None:
    for role in ("server", "client"):
        program = workspace.built("go", f"stock_{role}")
        program.with_name(f"{program.name}.runfiles").mkdir(parents=True)
        script(program, "#!/bin/sh\necho no runtime >&2\nexit 1\n")
    script(workspace.bazel)
    assert "was removed: no runtime" in refused("harness", "build", "stock-go")
    assert [*(tmp_path / "cache/stock/harness").iterdir()] == []
