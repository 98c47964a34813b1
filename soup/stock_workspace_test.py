"""The built command in workspaces and without: what it lists, keeps, and has Bazel and the runner do."""

import json
from pathlib import Path

import pytest

from soup.fakes.user import User, located
from soup.fakes.workspace import calls, fake_workspace

pytest_plugins = ("soup.fakes.user_fixtures",)


def test_the_list_asks_the_programs(user: User) -> None:
    listed = {one["language"]: one for one in json.loads(user.call("list", "--json").out)}
    assert {name for name, one in listed.items() if one["state"] == "built"} == {"go", "python"}
    assert listed["go"]["tls_stack"] == "crypto/tls"
    assert listed["go"]["library"].startswith("grpc-go")
    assert listed["python"]["runtime"].startswith("cpython")
    assert all(one["trouble"] is None for one in listed.values())


def test_what_is_installed_is_found_without_a_workspace(stranger: User) -> None:
    workspace = fake_workspace(stranger.folder / "workspace")
    place_real(stranger, workspace.root, "go")
    inside = stranger.having(BUILD_WORKSPACE_DIRECTORY=str(workspace.root))
    kept = inside.call("harness", "build", "stock-go")
    assert kept.code == 0, kept.err
    assert stranger.call("go", "server", "--version").code == 0
    nothing = stranger.call("python", "server", "--version")
    assert nothing.code == 2
    assert "stock harness build stock-python" in nothing.err


def place_real(user: User, root: Path, language: str) -> None:
    """Puts programs where a build leaves them, and a `bazelw` that leaves them alone."""
    folder = root / "bazel-bin" / language
    folder.mkdir(parents=True)
    for role in ("server", "client"):
        (folder / f"stock_{role}").symlink_to(user.real[language, role])
        (folder / f"stock_{role}.runfiles").mkdir()
    (root / "bazelw").write_text("#!/bin/sh\n", "utf-8")


def test_the_exit_code_of_tests_is_bazels(user: User) -> None:
    workspace = fake_workspace(user.folder / "workspace")
    inside = user.having(BUILD_WORKSPACE_DIRECTORY=str(workspace.root))
    assert inside.call("test", "all").code == 3
    (call,) = calls(workspace)
    assert call == "test //conformance:matrix //conformance:life //conformance:mutants_test"


@pytest.fixture
def inside(user: User) -> User:
    """A user in a workspace that has built the runner."""
    workspace = fake_workspace(user.folder / "workspace")
    (workspace.root / "bazelw").write_text("#!/bin/sh\n", "utf-8")
    runner = workspace.built("conformance", "go_python")
    runner.parent.mkdir(parents=True)
    runner.symlink_to(located("SOUP_MATRIX"))
    return user.having(BUILD_WORKSPACE_DIRECTORY=str(workspace.root))


def test_an_implementation_of_soup_toml_has_part_in_the_matrix(inside: User) -> None:
    toml = f"[stock.mine]\nclient = '{inside.real['go', 'client']}'"
    Path("soup.toml").write_text(toml, "utf-8")
    pair = ("--client=mine", "--client=go", "--server=python")
    ran = inside.call("matrix", *pair, "--security=plaintext", "--case=unary_get_put")
    assert ran.code == 0, ran.out + ran.err.encode()
    assert b"PASSED: 2 passed" in ran.out


def test_the_matrix_and_its_reports(inside: User) -> None:
    pair = ("matrix", "--client=go", "--server=python", "--security=plaintext")
    ran = inside.call(*pair, "--case=unary_get_put", "--report=run")
    assert ran.code == 0, ran.out
    assert b"PASSED: 1 passed" in ran.out
    assert json.loads(Path("run/results.json").read_text("utf-8"))["permutations"]
    assert inside.call(*pair, "--case=nothing").code == 2
    Path("run/report.html").unlink()
    assert inside.call("report", "html", "run").code == 0
    assert Path("run/report.html").exists()
    assert inside.call("report", "diff", "run", "run/results.json").code == 0
