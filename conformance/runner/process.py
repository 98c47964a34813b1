"""One program as a child process: started in a group of its own, watched, ended with its group."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from conformance.runner import guardian

# A proxy would be asked for loopback connections too.
_PROXIES = frozenset({"http_proxy", "https_proxy", "grpc_proxy", "all_proxy", "no_proxy"})

_TAIL_LINES: Final = 20
_LONGEST_LINE: Final = 300


class Guard:
    """The guardian process: ends all programs should the runner be killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", guardian.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._stdin: IO[bytes] = self._process.stdin

    def watch(self, group: int) -> None:
        """Puts a process group under guard; its leader must not have been waited for."""
        self._tell(group)

    def release(self, group: int) -> None:
        """Takes a group that has ended out of guard."""
        self._tell(-group)

    def close(self) -> None:
        """Lets the guardian end; all programs must have ended."""
        self._stdin.close()
        self._process.wait()

    def _tell(self, group: int) -> None:
        self._stdin.write(b"%d\n" % group)
        self._stdin.flush()


class Process:
    """A running program. `end` must be called, or `exited` awaited, so that nothing is left."""

    def __init__(self, argv: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        """Starts the program with pipes to its standard streams and its log going to a file."""
        self.log = log
        with log.open("ab") as stderr:
            self._popen = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=dict(environment),
                process_group=0,
            )
        self.pid = self._popen.pid
        self.started = time.monotonic()
        # The exit code, negative for a signal, once the program has ended.
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._pidfd = os.pidfd_open(self.pid)
        asyncio.get_running_loop().add_reader(self._pidfd, self._on_exit)

    @property
    def stdin(self) -> IO[bytes]:
        """The pipe to its standard input."""
        assert self._popen.stdin is not None
        return self._popen.stdin

    @property
    def stdout(self) -> IO[bytes]:
        """The pipe from its standard output."""
        assert self._popen.stdout is not None
        return self._popen.stdout

    def cpu_seconds(self) -> float:
        """CPU time of all its threads so far; 0 once it has ended."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0

    def kill(self) -> None:
        """Kills the program and its children at once."""
        if not self.exited.done():
            guardian.kill_group(self.pid)

    async def end(self, grace: float) -> str | None:
        """Waits for the program's end, for `grace` seconds, then kills it.

        Returns what was wrong: anything but exit 0 in time.
        """
        with contextlib.suppress(asyncio.TimeoutError):
            code = await asyncio.wait_for(asyncio.shield(self.exited), grace)
            return None if code == 0 else describe_exit(code)
        self.kill()
        await self.exited
        return f"still ran {grace:g} s after the end of its standard input"

    def log_tail(self) -> str:
        """The last lines of its log, long ones cut."""
        with self.log.open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - 65_536))
            text = log.read().decode("utf-8", "replace")
        lines = text.splitlines()[-_TAIL_LINES:]
        return "\n".join(
            line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} ..." for line in lines
        )

    def _on_exit(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        # Children that a wrapper left behind must not outlive it. The group's number is taken as
        # long as its leader has not been waited for.
        guardian.kill_group(self.pid)
        code = self._popen.wait()
        if not self.exited.done():
            self.exited.set_result(code)


def describe_exit(code: int) -> str:
    """An exit code as failure texts say it."""
    if code >= 0:
        return f"exited with {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment for programs: the runner's own, without proxies, with `extra`."""
    kept = {name: value for name, value in os.environ.items() if name.lower() not in _PROXIES}
    return kept | dict(extra)
