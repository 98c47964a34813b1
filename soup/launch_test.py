"""Programs that are started: signals, exit codes, and what they inherit."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from soup.errors import StockError
from soup.fakes.workspace import script
from soup.launch import become, run

_CALL = "import os, sys; from soup.launch import {0}; sys.exit({0}(sys.argv[1:], os.environ))"

# Tells of each signal, and when its input ends how many there were.
_COUNT = """\
import os, signal, sys
seen = []
def note(number, frame):
    seen.append(number)
    os.write(1, b"signal\\n")
signal.signal(int(sys.argv[1]), note)
os.write(1, b"ready\\n")
sys.stdin.read()
print(len(seen))
sys.exit(5)
"""


def start(function: str, *argv: str) -> subprocess.Popen[str]:
    """A process that calls a function with a command line."""
    line = [sys.executable, "-c", _CALL.format(function), *argv]
    return subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, _ = process.communicate(timeout=60)
    return process.returncode, out


def test_a_process_becomes_the_program() -> None:
    process = start("become", "/bin/sh", "-c", 'echo "$$ $1"; exit 7', "sh", "a b")
    assert ended(process) == (7, f"{process.pid} a b\n")


def test_the_program_ignores_no_signal_that_python_does() -> None:
    _, out = ended(start("become", "/bin/sh", "-c", "grep SigIgn /proc/$$/status"))
    assert int(out.split()[1], 16) & (1 << signal.SIGPIPE - 1) == 0


def test_a_program_that_cannot_be_become_is_named(tmp_path: Path) -> None:
    with pytest.raises(StockError, match=rf"{tmp_path}/gone: No such file or directory"):
        become([str(tmp_path / "gone")], os.environ)
    with pytest.raises(StockError, match=rf"{tmp_path}/text: Exec format error"):
        become([str(script(tmp_path / "text", "text"))], os.environ)
    with pytest.raises(StockError, match=rf"{tmp_path}/gone: No such file or directory"):
        run([str(tmp_path / "gone")], os.environ)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_the_program_once(number: signal.Signals) -> None:
    with start("run", sys.executable, "-c", _COUNT, str(int(number))) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        # As a terminal does it: to all of the group.
        os.killpg(process.pid, number)
        assert process.stdout.readline() == "signal\n"
        process.stdin.close()
        assert process.stdout.read() == "1\n"
        assert process.wait(60) == 5


def test_the_exit_code_of_a_signal_is_a_shells() -> None:
    code, _ = ended(start("run", "/bin/sh", "-c", "kill -TERM $$"))
    assert code == 128 + signal.SIGTERM
