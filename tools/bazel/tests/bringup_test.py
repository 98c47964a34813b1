"""The order of the steps: the prefix is complete or absent, whatever fails in between."""

import errno
from pathlib import Path

import pytest

from tools.bazel.prefix import bringup, layout
from tools.bazel.prefix.apt import Apt
from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.packages import Choice, Package

_PACKAGE = Package("a", "1", 1, "a" * 64)
_NEWER = Package("a", "2", 1, "b" * 64)


class _FakeApt(Apt):
    def __init__(self, folder: Path) -> None:
        pass

    def download(self, packages: object, archives: Path) -> list[Path]:
        (archives / "a.deb").touch()
        return [archives / "a.deb"]


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of a prefix, with steps that do no more than write a file."""

    def unpack(_files: object, root: Path) -> None:
        root.mkdir()
        (root / "unpacked").touch()

    monkeypatch.setattr(bringup, "Apt", _FakeApt)
    monkeypatch.setattr(bringup, "select", lambda *_: Choice((_PACKAGE,), ()))
    monkeypatch.setattr(bringup, "unpack", unpack)
    monkeypatch.setattr(bringup, "relocate", lambda *_: None)
    monkeypatch.setattr(bringup, "check", lambda _: None)
    return tmp_path / "prefix"


def test_a_complete_prefix_is_all_that_stays(prefix: Path) -> None:
    assert bringup.main([str(prefix)]) == 0
    assert sorted(file.name for file in prefix.parent.iterdir()) == ["lock", "prefix"]
    assert (prefix / "unpacked").exists()
    assert "--server_javabase" in (prefix / layout.BAZELRC).read_text()
    assert not (prefix / layout.SUPERSEDED).exists()


def test_a_prefix_that_stands_is_left_alone(
    prefix: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prefix.mkdir()
    assert bringup.main([str(prefix)]) == 0
    assert list(prefix.iterdir()) == []
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("step", ["select", "unpack", "relocate", "check"])
@pytest.mark.parametrize(
    "error",
    [BringupError("it broke"), OSError(errno.ENOSPC, "No space left on device", "/some/file")],
)
def test_a_failing_step_leaves_nothing_and_one_line(
    prefix: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: str,
    error: Exception,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(bringup, step, fail)
    assert bringup.main([str(prefix)]) == bringup.EXIT_ENVIRONMENT
    assert [file.name for file in prefix.parent.iterdir()] == ["lock"]
    last = capsys.readouterr().err.splitlines()[-1]
    assert last in (
        "bazelw: error: it broke",
        "bazelw: error: No space left on device: /some/file",
    )


def test_an_interruption_keeps_the_downloads(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bringup, "relocate", interrupt)
    assert bringup.main([str(prefix)]) == 130
    assert sorted(file.name for file in prefix.parent.iterdir()) == ["lock", "work"]
    assert (prefix.parent / "work/debs/a.deb").exists()


def test_leftovers_of_a_killed_start_are_cleared(prefix: Path) -> None:
    (prefix.parent / "building").mkdir()
    (prefix.parent / "building/half").touch()
    assert bringup.main([str(prefix)]) == 0
    assert not (prefix / "half").exists()


def test_superseded_packages_leave_a_mark(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choice = Choice((_NEWER,), ((_PACKAGE, _NEWER),))
    monkeypatch.setattr(bringup, "select", lambda *_: choice)
    assert bringup.main([str(prefix)]) == 0
    assert (prefix / layout.SUPERSEDED).read_text() == "a 2 instead of the locked 1\n"
