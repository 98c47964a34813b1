"""Programs are put where TofuSoup looks: those that are named, those that are there, and nothing wrong."""

from pathlib import Path

import pytest

from soup.fakes.calling import call, refused
from soup.fakes.workspace import calls
from soup.workspace import Workspace


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """TofuSoup's package."""
    folder = tmp_path / "site-packages/tofusoup"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    return folder


def test_what_is_named_is_built_and_put(
    workspace: Workspace, package: Path, tmp_path: Path
) -> None:
    result = call("harness", "layout", "--tofusoup", str(package), "stock-go", "nodejs")
    assert result.exit_code == 0, result.output
    direct = tmp_path / "direct"
    names = ["go/bin/stock-server", "go/bin/stock-client"]
    names += ["nodejs/stock-server.js", "nodejs/stock-client.js"]
    assert result.stdout.splitlines() == [str(direct / name) for name in names]
    server = workspace.root / "bazel-bin/go/stock_server"
    assert (direct / "go/bin/stock-server").readlink() == server
    assert len(calls(workspace)) == 4


def test_what_is_there_is_put(workspace: Workspace, package: Path) -> None:
    none = refused("harness", "layout", "--tofusoup", str(package))
    assert none == (
        "stock: error: no program is built or installed: name languages, and they are built\n"
    )
    call("harness", "build", "stock-go")
    put = call("harness", "layout", "--tofusoup", str(package)).stdout.splitlines()
    assert [Path(line).name for line in put] == ["stock-server", "stock-client"]


def test_what_is_wrong_is_named(workspace: Workspace, package: Path, tmp_path: Path) -> None:
    where = ("harness", "layout", "--tofusoup")
    assert "stock-perl" in refused(*where, str(package), "stock-perl")
    assert str(tmp_path / "elsewhere") in refused(*where, str(tmp_path / "elsewhere"), "go")
    theirs = tmp_path / "direct/go/bin/stock-server"
    theirs.parent.mkdir(parents=True)
    theirs.touch()
    assert f"{theirs}: in the way" in refused(*where, str(package), "go")


def test_without_a_tofusoup_its_folder_must_be_named(workspace: Workspace) -> None:
    assert "by --tofusoup" in refused("harness", "layout", "go")
