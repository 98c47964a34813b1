"""Identities of a run: who can read them, how long they last, how they are found."""

import fcntl
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from soup.auto_tls import auto_run, find_run, place
from soup.config import Config
from soup.errors import StockError
from soup.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Config(), None, {"XDG_CACHE_HOME": str(tmp_path / "cache")}, tmp_path)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_the_users_alone_and_goes_with_the_run(settings: Settings) -> None:
    with auto_run(settings, "p256", None) as run:
        assert mode(run.folder) == mode(place(settings)) == 0o700
        keys = [run.folder / f"{role}-key.pem" for role in ("server", "client")]
        assert [mode(key) for key in keys] == [0o600, 0o600]
        assert find_run(settings, None).folder == run.folder
    assert not run.folder.exists()


def test_it_goes_also_when_the_run_fails(settings: Settings) -> None:
    with pytest.raises(RuntimeError), auto_run(settings, "p256", None) as run:
        raise RuntimeError
    assert not run.folder.exists()


def test_the_runtime_folder_is_taken_where_there_is_one(tmp_path: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert place(Settings(Config(), None, environ, tmp_path)) == tmp_path / "stock" / "auto"


def test_the_file_tells_which_run(settings: Settings, tmp_path: Path) -> None:
    first, second = tmp_path / "first.pem", tmp_path / "second.pem"
    with auto_run(settings, "p256", first) as one, auto_run(settings, "p384", second) as two:
        assert first.read_bytes() == (one.folder / "ca.pem").read_bytes()
        assert find_run(settings, first).folder == one.folder
        assert find_run(settings, second).folder == two.folder
        with pytest.raises(StockError, match=r"run-.* and .*run-.*tell which by --ca-out FILE"):
            find_run(settings, None)
    with pytest.raises(StockError, match=r"first\.pem: no server of --tls-mode auto that runs now"):
        find_run(settings, first)
    with pytest.raises(StockError, match=r"gone\.pem: No such file or directory"):
        find_run(settings, tmp_path / "gone.pem")


def test_only_certificates_are_written_over(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    for _ in range(2):
        with auto_run(settings, "p256", file):
            pass
    file.write_text("a letter", "utf-8")
    with (
        pytest.raises(StockError, match="--ca-out writes over certificates only"),
        auto_run(settings, "p256", file),
    ):
        raise AssertionError
    assert file.read_text("utf-8") == "a letter"
    assert [*place(settings).glob("run-*")] == []


def test_a_place_that_cannot_be_written_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    with (
        pytest.raises(StockError, match=r"cache/stock.*: Not a directory"),
        auto_run(settings, "p256", None),
    ):
        raise AssertionError
    (tmp_path / "cache").unlink()
    with (
        pytest.raises(StockError, match=r"no/.*ca\.pem.*: No such file or directory"),
        auto_run(settings, "p256", tmp_path / "no" / "ca.pem"),
    ):
        raise AssertionError


_KILLED = """\
import os, pathlib, signal, subprocess, sys
from soup.auto_tls import auto_run
from soup.config import Config
from soup.settings import Settings
settings = Settings(Config(), None, {"XDG_CACHE_HOME": sys.argv[1]}, pathlib.Path("/"))
with auto_run(settings, "p256", None) as run:
    server = subprocess.Popen(["/bin/cat"], pass_fds=[run.descriptor])
    print(run.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_is_removed_when_its_server_is_gone(
    settings: Settings, tmp_path: Path
) -> None:
    argv = [sys.executable, "-c", _KILLED, str(tmp_path / "cache")]
    # The server, `cat`, ends when this end of its input is closed.
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert killed.stdin is not None
        left = Path(killed.stdout.readline().strip())
        killed.wait(60)
        assert find_run(settings, None).folder == left
        killed.stdin.close()
        with open(left / "lock", "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
    with auto_run(settings, "p256", None) as run:
        assert run.folder != left
        assert not left.exists()
