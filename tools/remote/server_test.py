"""Servers are started, heard and ended."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.remote.install import RemoteError
from tools.remote.server import said, server

# Says that it is there, and waits until it is ended.
_WAITS = (
    sys.executable,
    "-c",
    "import sys, signal; print('here', file=sys.stderr, flush=True); signal.pause()",
)


def test_it_is_ended(tmp_path: Path) -> None:
    with server(_WAITS, tmp_path / "log") as running:
        running.check()
    assert running.process.returncode == -signal.SIGKILL


def test_one_that_has_ended_is_an_error_with_what_it_said(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('no such disk')")
    with server(command, tmp_path / "store.log") as running:
        running.process.wait(60)
        with pytest.raises(RemoteError, match="store ended with 1: no such disk"):
            running.check()


@pytest.mark.parametrize(("line", "expected"), [("here", True), ("there", False)])
def test_what_it_says_is_heard(tmp_path: Path, line: str, expected: bool) -> None:
    command = (
        _WAITS if expected else (sys.executable, "-c", "import sys; print('here', file=sys.stderr)")
    )
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert said(process, line, tmp_path / "log") == expected
        process.kill()
    assert "here" in (tmp_path / "log").read_text("utf-8")
