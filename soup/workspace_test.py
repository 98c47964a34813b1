"""The workspace: which one it is, and what Bazel tells of it."""

import json
import os
from pathlib import Path

import pytest

from soup.errors import BazelError, StockError
from soup.fakes.workspace import calls, fake_workspace
from soup.workspace import (
    Requirement,
    Toolchain,
    build,
    clean_environment,
    find_workspace,
    toolchains,
)

_ENVIRON = {"PATH": os.defpath}


def test_it_is_found_from_below(tmp_path: Path) -> None:
    workspace = fake_workspace(tmp_path)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_workspace({}, below) == workspace
    assert find_workspace({"BUILD_WORKSPACE_DIRECTORY": str(tmp_path)}, Path("/")) == workspace


def test_another_projects_is_none(tmp_path: Path) -> None:
    (tmp_path / "MODULE.bazel").write_text('module(\n    name = "other",\n)\n', "utf-8")
    assert find_workspace({}, tmp_path) is None


def test_a_build_is_bazels(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    workspace = fake_workspace(tmp_path)
    build(workspace, ["//a:b", "//a:c"], _ENVIRON)
    (call,) = calls(workspace)
    assert call.startswith("build ")
    assert call.endswith(" //a:b //a:c")
    assert capfd.readouterr() == ("", "stock: building //a:b and 1 more\n")


def test_a_workspace_without_bazelw_is_named(tmp_path: Path) -> None:
    workspace = fake_workspace(tmp_path)
    workspace.bazel.unlink()
    with pytest.raises(StockError, match=r"/bazelw: No such file or directory"):
        build(workspace, ["//a:b"], _ENVIRON)
    with pytest.raises(StockError, match=r"/bazelw: No such file or directory"):
        toolchains(workspace, _ENVIRON)


def rule(language: str, missing: str, *requires: Requirement) -> str:
    texts = {"name": "implementation", "language": language, "missing": missing}
    if requires:
        texts["requires"] = json.dumps({"machine": [one._asdict() for one in requires]})
    attributes = [{"name": name, "stringValue": value} for name, value in texts.items()]
    return json.dumps({"type": "RULE", "rule": {"attribute": [*attributes, {"name": "server"}]}})


def test_toolchains_are_what_the_rules_say(tmp_path: Path) -> None:
    workspace = fake_workspace(tmp_path)
    reason = "no Go 1.26 or newer (/go (x) is Go 1.20): unpack it, or not"
    needs = (Requirement("make", "make it"), Requirement("Go 1.26 or newer", "unpack it, or not"))
    rules = [rule("python", ""), rule("go", reason, *needs), rule("cpp", "no: hidden", needs[0])]
    answer = "\n".join(rules)
    (tmp_path / "answer").write_text(answer, "utf-8")
    told = toolchains(workspace, _ENVIRON)
    assert told == [
        Toolchain("cpp", "no: hidden", needs[:1]),
        Toolchain("go", reason, needs),
        Toolchain("python", "", ()),
    ]
    assert [one.install for one in told] == ["", "unpack it, or not", ""]


def test_a_query_that_fails_shows_why(tmp_path: Path) -> None:
    workspace = fake_workspace(tmp_path)
    (tmp_path / "broken").touch()
    with pytest.raises(BazelError, match="query failed with exit code 1"):
        toolchains(workspace, _ENVIRON)


def test_programs_do_not_see_what_our_launcher_needs() -> None:
    ours = {
        "RUNFILES_DIR": "/r",
        "PYTHONPATH": "/r/_main:/r/pip",
        "PYTHONDONTWRITEBYTECODE": "1",
        "BUILD_WORKING_DIRECTORY": "/w",
        "BUILD_WORKSPACE_DIRECTORY": "/w",
    }
    assert clean_environment(ours | {"HOME": "/h"}) == {"HOME": "/h"}
    users = {"PYTHONPATH": "/mine", "PYTHONDONTWRITEBYTECODE": "1"}
    assert clean_environment(users) == users
