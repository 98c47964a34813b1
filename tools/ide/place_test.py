"""What stands in the workspace afterwards, and what of the user's stays."""

import json
import tarfile
from pathlib import Path

import pytest

from tools.ide.manifest import Manifest
from tools.ide.place import Refused, place


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty one."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """One of each kind."""
    made = tmp_path / "made"
    (made / "folder").mkdir(parents=True)
    (made / "file.h").write_text("int x;", "utf-8")
    (made / "file.h").chmod(0o555)
    (made / "folder/deep.rb").write_text("X = 1", "utf-8")
    (tmp_path / "crate.rs").write_text("fn f() {}", "utf-8")
    with tarfile.open(tmp_path / "crates.tar", "w") as archive:
        archive.add(tmp_path / "crate.rs", "vendor/crate/lib.rs")
    return Manifest(
        copied={"generated/a/file.h": made / "file.h", "generated/b": made / "folder"},
        texts={"tool.json": '["@WORKSPACE@", "@OUTPUT_BASE@/external"]', "generated/c/go.mod": "m"},
        links={"node_modules": "@OUTPUT_BASE@/external/modules"},
        unpacked={"generated/rust": tmp_path / "crates.tar"},
        settings={"b": 1, "a": [2]},
        missing={},
        output_base=Path("/base"),
    )


def test_everything_is_put_in_its_place(workspace: Path, manifest: Manifest) -> None:
    placed = place(manifest, workspace)
    assert placed.left == {}
    assert sorted(placed.written) == [
        ".vscode/settings.json",
        "generated/c/go.mod",
        "node_modules",
        "tool.json",
    ]
    assert json.loads((workspace / "tool.json").read_text()) == [str(workspace), "/base/external"]
    assert (workspace / "node_modules").readlink() == Path("/base/external/modules")
    assert (workspace / "generated/a/file.h").read_text() == "int x;"
    assert (workspace / "generated/b/deep.rb").read_text() == "X = 1"
    assert (workspace / "generated/rust/vendor/crate/lib.rs").read_text() == "fn f() {}"
    assert json.loads((workspace / ".vscode/settings.json").read_text()) == {"a": [2], "b": 1}


def test_a_second_time_is_like_the_first(workspace: Path, manifest: Manifest) -> None:
    place(manifest, workspace)
    (workspace / "generated/old").touch()
    newer = manifest._replace(texts={"tool.json": "newer"}, output_base=Path("/other"))
    placed = place(newer, workspace)
    assert placed.left == {}
    assert (workspace / "tool.json").read_text() == "newer"
    assert (workspace / "node_modules").readlink() == Path("/other/external/modules")
    assert not (workspace / "generated/old").exists()


def test_what_is_not_written_any_more_goes(workspace: Path, manifest: Manifest) -> None:
    place(manifest, workspace)
    (workspace / ".vscode/settings.json").write_text("{}", "utf-8")
    place(manifest._replace(texts={}, settings={}), workspace)
    assert not (workspace / "tool.json").exists()
    assert (workspace / ".vscode/settings.json").read_text() == "{}"


def test_a_users_own_file_stays(workspace: Path, manifest: Manifest) -> None:
    (workspace / ".vscode").mkdir()
    (workspace / ".vscode/settings.json").write_text('{"mine": true}', "utf-8")
    (workspace / "node_modules").mkdir()
    for _ in range(2):
        placed = place(manifest, workspace)
        assert sorted(placed.left) == [".vscode/settings.json", "node_modules"]
        assert '"a": [' in placed.left[".vscode/settings.json"]
    assert (workspace / ".vscode/settings.json").read_text() == '{"mine": true}'
    assert (workspace / "node_modules").is_dir()


def test_what_the_user_has_edited_stays(workspace: Path, manifest: Manifest) -> None:
    place(manifest, workspace)
    (workspace / "tool.json").write_text("edited", "utf-8")
    assert [*place(manifest, workspace).left] == ["tool.json"]
    assert (workspace / "tool.json").read_text() == "edited"
    (workspace / "tool.json").unlink()
    assert place(manifest, workspace).left == {}


def test_a_folder_of_somebody_elses_is_refused(workspace: Path, manifest: Manifest) -> None:
    (workspace / "generated").mkdir()
    (workspace / "generated/precious").touch()
    with pytest.raises(Refused, match=r"generated: not made by this program"):
        place(manifest, workspace)
    assert (workspace / "generated/precious").exists()
    assert not (workspace / "tool.json").exists()
