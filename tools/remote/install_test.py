"""Programs are installed whole or not at all."""

from pathlib import Path

import pytest

from tools.remote.install import RemoteError, installed, run, suite


def test_the_release_is_that_of_all_packages() -> None:
    assert suite('# c\nSUITE = "bookworm"\n') == "bookworm"
    with pytest.raises(RemoteError, match="no SUITE"):
        suite("")


def test_an_interrupted_start_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCK_BAZEL_CACHE", str(tmp_path / "cache"))
    lock = tmp_path / "x.lock"
    lock.write_text("one")
    calls = []

    def install(_lock: Path, folder: Path) -> None:
        assert list(folder.iterdir()) == []
        calls.append(folder)
        (folder / "half").touch()
        if len(calls) == 1:
            raise RemoteError("no network")

    with pytest.raises(RemoteError, match="no network"):
        installed(lock, install)
    assert installed(lock, install) == installed(lock, install) == calls[1]
    assert len(calls) == 2
    lock.write_text("two")
    assert installed(lock, install) != calls[1]


def test_a_failed_command_is_told_with_its_output() -> None:
    assert run("echo", "said") == "said\n"
    with pytest.raises(RemoteError, match=r"sh ended with 3: why"):
        run("sh", "-c", "echo why; exit 3")
    with pytest.raises(RemoteError, match="no-such-program"):
        run("no-such-program")
