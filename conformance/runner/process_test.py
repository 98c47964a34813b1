"""Processes: logs, exits, and that nothing is left of them, however the runner ends."""

import asyncio
import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conformance.runner.fakes import victim
from conformance.runner.process import Process, describe_exit, environment


def test_exit_code_and_log(tmp_path: Path) -> None:
    async def conduct() -> None:
        script = "import sys; print('a log line', file=sys.stderr); sys.stdin.read(); sys.exit(5)"
        process = Process([sys.executable, "-c", script], tmp_path / "log", environment({}))
        assert process.cpu_seconds() >= 0
        process.stdin.close()
        assert await process.end(10.0) == "exited with 5"
        assert process.log_tail() == "a log line"
        process.stdout.close()

    asyncio.run(conduct())


def test_a_long_log_is_cut(tmp_path: Path) -> None:
    async def conduct() -> None:
        script = "seq 1000 >&2; head -c 100000 /dev/zero | tr '\\0' x >&2"
        process = Process(["sh", "-c", script], tmp_path / "log", environment({}))
        assert await process.exited == 0
        *_, long = lines = process.log_tail().splitlines()
        assert len(lines) <= 20
        assert long == "x" * 300 + " ..."
        process.stdin.close()
        process.stdout.close()

    asyncio.run(conduct())


def test_a_program_that_does_not_end_is_killed(tmp_path: Path) -> None:
    async def conduct() -> None:
        process = Process(["sleep", "600"], tmp_path / "log", environment({}))
        process.stdin.close()
        assert await process.end(0.1) == "still ran 0.1 s after the end of its standard input"
        assert process.exited.result() == -signal.SIGKILL
        process.stdout.close()

    asyncio.run(conduct())


def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    async def conduct() -> None:
        script = "sleep 600 & echo $! >&2; exit 0"
        process = Process(["sh", "-c", script], tmp_path / "log", environment({}))
        assert await process.exited == 0
        await_end(int(process.log_tail()))
        process.stdin.close()
        process.stdout.close()

    asyncio.run(conduct())


def test_no_proxy_reaches_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nowhere:1")
    assert "HTTPS_PROXY" not in environment({"A": "b"})
    assert environment({"A": "b"})["A"] == "b"


def test_exits_are_described() -> None:
    assert describe_exit(-9) == "was killed by SIGKILL"
    assert describe_exit(-200) == "was killed by signal 200"
    assert describe_exit(1) == "exited with 1"


@pytest.mark.parametrize("killer", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_runner_leaves_no_program(tmp_path: Path, killer: signal.Signals) -> None:
    runner = subprocess.Popen(
        [sys.executable, str(Path(victim.__file__)), str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with contextlib.closing(runner.stdout):  # type: ignore[type-var]
        logs = [tmp_path / f"stubborn_{role}.log" for role in ("server", "client")]
        children = [int(wait_for_line(log).removeprefix("child ")) for log in logs]
        parents = [parent_of(child) for child in children]
        runner.send_signal(killer)
        runner.wait(10)
    for process in (*children, *parents):
        await_end(process)


def wait_for_line(log: Path) -> str:
    """The first line of a log, once it stands there."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError):
            if "\n" in (text := log.read_text()):
                return text.splitlines()[0]
        time.sleep(0.01)  # A file says to nobody that it has grown.
    raise AssertionError(f"nothing in {log.name}")


def parent_of(process: int) -> int:
    """The parent's id of a process."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def await_end(process: int) -> None:
    """Fails unless a process ends within ten seconds."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        readable, _, _ = select.select([descriptor], [], [], 10.0)
        assert readable, f"process {process} is still there"
    finally:
        os.close(descriptor)
