"""The second machine differs in what must not matter, and finds the same tools."""

from pathlib import Path

from tools.remote.elsewhere import UMASK, elsewhere, other_path


def _tool(folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)


def test_path_is_turned_round_where_the_same_tools_are_found(tmp_path: Path) -> None:
    one, other, third = (tmp_path / name for name in ("one", "other", "third"))
    _tool(one, "go")
    _tool(other, "node")
    third.mkdir()
    path = f"{one}:{other}:{third}:{one}"
    assert other_path(path, tmp_path / "first") == f"{tmp_path}/first:{third}:{other}:{one}"


def test_path_keeps_the_order_of_those_that_own_a_tool(tmp_path: Path) -> None:
    one, other, third = (tmp_path / name for name in ("one", "other", "third"))
    for folder in (one, other):
        _tool(folder, "go")
    _tool(other, "node")
    third.mkdir()
    path = f"{third}:{one}:{other}"
    assert other_path(path, tmp_path / "first") == f"{tmp_path}/first:{one}:{other}:{third}"


def test_a_machine_is_another(tmp_path: Path) -> None:
    machine = elsewhere(tmp_path)
    assert machine.umask == UMASK
    assert machine.rc == ".bazelrc"
    assert {"HOME", "LOGNAME", "PATH", "TZ", "USER"} <= machine.variables.keys()
    assert machine.variables["HOME"] == str(tmp_path / "home")
