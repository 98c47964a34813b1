"""Where programs are found, in which order, and what is said where there is none."""

from pathlib import Path

import pytest

from soup.config import read
from soup.errors import BazelError, StockError
from soup.fakes.workspace import calls, fake_workspace, script
from soup.programs import installed, present, program, variable
from soup.settings import Settings
from soup.workspace import Workspace


def settings(
    tmp_path: Path, workspace: Workspace | None = None, toml: str = "", **environ: str
) -> Settings:
    (tmp_path / "soup.toml").write_text(toml, "utf-8")
    environ |= {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": "/usr/bin:/bin"}
    return Settings(read(tmp_path / "soup.toml"), workspace, environ, tmp_path)


def test_the_order(tmp_path: Path) -> None:
    toml = '[stock.go]\nserver = "by_toml"'
    workspace = fake_workspace(tmp_path / "workspace")
    for name in ("by_flag", "by_toml", "by_variable"):
        script(tmp_path / name)
    named = {"STOCK_GO_SERVER": "by_variable"}

    found = settings(tmp_path, workspace, toml, **named)
    assert program(found, "go", "server", Path("by_flag")).path == tmp_path / "by_flag"
    assert program(found, "go", "server").path == tmp_path / "by_toml"
    found = settings(tmp_path, workspace, **named)
    assert program(found, "go", "server") == (tmp_path / "by_variable", "STOCK_GO_SERVER")
    found = settings(tmp_path, workspace)
    copy = script(installed(found, "go") / "stock_server")
    assert program(found, "go", "server").path == workspace.built("go", "stock_server")
    assert program(settings(tmp_path), "go", "server") == (copy, "installed")


def test_what_is_built_is_not_built_again(tmp_path: Path) -> None:
    workspace = fake_workspace(tmp_path / "workspace")
    found = settings(tmp_path, workspace)
    for _ in range(2):
        assert program(found, "go", "client").source == "bazel-bin"
    (build,) = calls(workspace)
    assert build.endswith("//go:stock_client")


def test_a_program_without_what_it_needs_is_built(tmp_path: Path) -> None:
    workspace = fake_workspace(tmp_path / "workspace")
    found = settings(tmp_path, workspace)
    script(workspace.built("go", "stock_client"))
    assert present(found, "go", "client") is None
    program(found, "go", "client")
    assert len(calls(workspace)) == 1


def test_a_failed_build_shows_what_bazel_said(tmp_path: Path) -> None:
    workspace = fake_workspace(tmp_path / "workspace")
    (workspace.root / "broken").touch()
    with pytest.raises(BazelError) as caught:
        program(settings(tmp_path, workspace), "go", "client")
    assert caught.value.message == (
        "ERROR: it is broken\n./bazelw build //go:stock_client failed with exit code 1"
    )
    assert caught.value.exit_code == 4


def test_to_look_builds_nothing(tmp_path: Path) -> None:
    workspace = fake_workspace(tmp_path / "workspace")
    assert present(settings(tmp_path, workspace), "go", "client") is None
    assert calls(workspace) == []


def test_an_implementation_of_ones_own_is_never_built(tmp_path: Path) -> None:
    workspace = fake_workspace(tmp_path / "workspace")
    found = settings(tmp_path, workspace, '[stock.mine]\nserver = "s"')
    with pytest.raises(StockError, match=r"no client of mine here.*STOCK_MINE_CLIENT$"):
        program(found, "mine", "client")
    assert calls(workspace) == []


def test_without_any_program_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StockError) as caught:
        program(settings(tmp_path), "go", "client")
    message = caught.value.message
    assert str(tmp_path / "cache/stock/harness/stock-go") in message
    assert "[stock.go] client = PATH" in message
    assert "stock harness build stock-go" in message


def test_a_wrong_path_is_named_with_its_line(tmp_path: Path) -> None:
    found = settings(tmp_path, None, '[stock.go]\nserver = "gone"\nclient = "."')
    with pytest.raises(StockError, match=r"soup\.toml:2: stock\.go\.server: .*/gone: there is no"):
        program(found, "go", "server")
    with pytest.raises(StockError, match=r"soup\.toml:3: stock\.go\.client: .*: is a folder"):
        program(found, "go", "client")
    (tmp_path / "data").touch()
    with pytest.raises(StockError, match=r"--program: .*/data: it may not be executed"):
        program(found, "go", "client", Path("data"))


def test_variables_have_the_names_of_languages() -> None:
    assert variable("go", "server") == "STOCK_GO_SERVER"
    assert variable("my-own_1", "client") == "STOCK_MY_OWN_1_CLIENT"
