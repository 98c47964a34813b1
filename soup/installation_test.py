"""Installed programs: complete, whole without the workspace, replaced as one."""

from pathlib import Path

import pytest

from soup.errors import StockError
from soup.fakes.workspace import script
from soup.installation import install, installations, remove


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder of bazel-bin: files are links, trees of files too."""
    real = tmp_path / "real"
    script(real / "stock_server", "server")
    script(real / "stock_client", "client")
    tree = real / "library"
    tree.mkdir()
    (tree / "shared").write_text("x" * 1000, "utf-8")
    folder = tmp_path / "bazel-bin" / "go"
    for role in ("server", "client"):
        runfiles = folder / f"stock_{role}.runfiles"
        runfiles.mkdir(parents=True)
        (folder / f"stock_{role}").symlink_to(real / f"stock_{role}")
        (runfiles / "library").symlink_to(tree)
        (runfiles / "MANIFEST").write_text("of this machine", "utf-8")
    return folder


def test_the_copy_is_whole(tmp_path: Path, built: Path) -> None:
    target = tmp_path / "kept" / "stock-go"
    assert install(built, target, anew=False)
    (tmp_path / "real").rename(tmp_path / "gone")
    assert (target / "stock_server").read_text("utf-8") == "server"
    assert (target / "stock_server").stat().st_mode & 0o111
    assert not [path for path in target.rglob("*") if path.is_symlink() or path.name == "MANIFEST"]
    shared = [target / f"stock_{role}.runfiles/library/shared" for role in ("server", "client")]
    assert shared[0].samefile(shared[1])
    (found,) = installations(target.parent)
    assert found.language == "go"
    assert 1000 < found.size < 2000


def test_a_program_that_stands_in_its_tree_is_a_link_to_there(tmp_path: Path, built: Path) -> None:
    inside = built / "stock_server.runfiles" / "_main" / "go"
    inside.mkdir(parents=True)
    (inside / "stock_server").symlink_to(tmp_path / "real" / "stock_server")
    target = tmp_path / "kept" / "stock-go"
    assert install(built, target, anew=False)
    assert (target / "stock_server").readlink() == Path(
        "stock_server.runfiles/_main/go/stock_server"
    )
    assert (target / "stock_server").read_text("utf-8") == "server"


def test_only_what_has_changed_is_copied_again(tmp_path: Path, built: Path) -> None:
    target = tmp_path / "kept" / "stock-go"
    assert install(built, target, anew=False)
    assert not install(built, target, anew=False)
    assert install(built, target, anew=True)
    (tmp_path / "real" / "library" / "more").touch()
    assert install(built, target, anew=False)
    assert (target / "stock_client.runfiles/library/more").exists()
    assert [path.name for path in target.parent.iterdir()] == ["stock-go"]


def test_what_fails_leaves_what_was_there(tmp_path: Path, built: Path) -> None:
    target = tmp_path / "kept" / "stock-go"
    install(built, target, anew=False)
    (built / "stock_client").unlink()
    with pytest.raises(StockError, match=r"go/stock_client: there is no such file"):
        install(built, target, anew=True)
    assert (target / "stock_client").exists()
    assert [path.name for path in target.parent.iterdir()] == ["stock-go"]


def test_what_is_removed_is_gone(tmp_path: Path, built: Path) -> None:
    target = tmp_path / "kept" / "stock-go"
    install(built, target, anew=False)
    assert remove(target)
    assert not remove(target)
    assert [*target.parent.iterdir()] == []
    assert installations(tmp_path / "nowhere") == []
