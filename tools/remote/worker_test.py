"""How a worker runs an action."""

from pathlib import Path

from tools.remote.worker import launchers, runner


def test_actions_see_the_image_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "usr").mkdir()
    (tmp_path / "bin").symlink_to("usr")
    flags = runner(Path("/programs"), [tmp_path / "usr", tmp_path / "bin"])
    assert flags == [
        "--buildbox-run=/programs/buildbox-run-bubblewrap",
        f"--runner-arg=--ro-bind-mount={tmp_path}/usr:{tmp_path}/usr",
        f"--runner-arg=--ro-bind-mount={tmp_path}/usr:{tmp_path}/bin",
    ]


def test_without_an_image_they_see_the_machine() -> None:
    assert runner(Path("/programs"), []) == ["--buildbox-run=/programs/buildbox-run-hosttools"]


def test_programs_start_through_their_own_loader(tmp_path: Path) -> None:
    folder = launchers(tmp_path, Path("/root of all"))
    text = (folder / "bwrap").read_text("utf-8")
    assert "/usr/lib64/ld-linux-x86-64.so.2" in text
    assert (folder / "buildbox-worker").stat().st_mode & 0o100
