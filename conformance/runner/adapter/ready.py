"""Starts a server by its command line and waits for its ready line; tells what is wrong with either."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from conformance.runner.expect import show
from conformance.runner.process import Guard, Process, describe_exit

READY_SECONDS: Final = 20.0
# From SIGTERM and the grace to the end.
END_SECONDS: Final = 2.0
# From the end of standard output to the program's.
_EXIT_SECONDS: Final = 1.0

_USAGE: Final = 2
# Of the kernel's flags of a process: include/linux/sched.h.
_PF_EXITING: Final = 0x4
_CHUNK: Final = 1 << 16
_READY: Final = re.compile(rb"Server listening on (?P<host>\S+):(?P<port>\d{1,5})\r?\n")


class NotReady(Exception):
    """A server did not come to listen; the text says why, in one line."""


class Serving:
    """A server process that listens. `end` must be called."""

    def __init__(self, process: Process, output: asyncio.StreamReader) -> None:
        self.process = process
        self.port = 0
        self._output = output
        self._rest: asyncio.Future[bytes] | None = None

    async def ready(self, seconds: float) -> None:
        """Waits for the ready line. Raises NotReady."""
        self.port = await self._port(seconds)
        # Whatever comes now is too much.
        self._rest = asyncio.ensure_future(self._output.read(_CHUNK))

    async def wait(self) -> str:
        """Returns once the server has ended by itself, or said more than its ready line: what it did."""
        assert self._rest is not None
        if more := await asyncio.shield(self._rest):
            return _said_more(more)
        return self._exit(await self.process.exited)

    async def end(self, grace: float) -> str:
        """Drains the server and ends it; what was wrong with it before, or nothing."""
        found = await self._fault()
        if not self.process.exited.done():
            with contextlib.suppress(ProcessLookupError):
                # A wrapper need not hand the signal on.
                os.killpg(self.process.pid, signal.SIGTERM)
        await self.process.end(grace + END_SECONDS)
        if self._rest is not None:
            self._rest.cancel()
        self._hand_log_on()
        return found

    async def _fault(self) -> str:
        if self._rest is not None and self._rest.done() and (more := self._rest.result()):
            return _said_more(more)
        exited = self.process.exited
        if not exited.done() and _is_ending(self.process.pid):
            await asyncio.wait([exited], timeout=_EXIT_SECONDS)
        return self._exit(exited.result()) if exited.done() else ""

    async def _port(self, seconds: float) -> int:
        try:
            async with asyncio.timeout(seconds):
                line = await self._output.readuntil(b"\n")
        except TimeoutError:
            raise NotReady(f"printed no ready line within {seconds:g} s") from None
        except asyncio.LimitOverrunError:
            raise NotReady("printed a line without end instead of its ready line") from None
        except asyncio.IncompleteReadError as error:
            raise NotReady(await self._ended(error.partial)) from None
        match = _READY.fullmatch(line)
        if match is None or not 0 < int(match["port"]) < 1 << 16:
            raise NotReady(f"expected `Server listening on HOST:PORT`, got {show(line)}")
        return int(match["port"])

    async def _ended(self, said: bytes) -> str:
        exited = self.process.exited
        await asyncio.wait([exited], timeout=_EXIT_SECONDS)
        how = self._exit(exited.result()) if exited.done() else "closed its standard output"
        instead = f", after {show(said)}" if said else ""
        return f"{how}{instead}, before its ready line"

    def _exit(self, code: int) -> str:
        """How it ended, and the line that tells why: of wrong usage the first, else the last."""
        lines = [line for line in self._log().splitlines() if line.strip()]
        if not lines:
            return describe_exit(code)
        told = lines[0 if code == _USAGE else -1].decode("utf-8", "replace")
        return f"{describe_exit(code)} and said {show(told)}"

    def _log(self) -> bytes:
        with self.process.log.open("rb") as log:
            return log.read(_CHUNK)

    def _hand_log_on(self) -> None:
        sys.stderr.buffer.write(self._log())
        sys.stderr.flush()
        self.process.log.unlink()


async def start(
    argv: Sequence[str], log: Path, guard: Guard, seconds: float = READY_SECONDS
) -> Serving:
    """A server that listens; its log goes to a file until its end. Raises NotReady, and leaves nothing then."""
    try:
        process = Process(argv, log, os.environ)
    except OSError as error:
        raise NotReady(f"cannot be started: {error.strerror}") from error
    guard.watch(process.pid)
    process.exited.add_done_callback(lambda _: guard.release(process.pid))
    process.stdin.close()
    output = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(output), process.stdout
    )
    serving = Serving(process, output)
    try:
        await serving.ready(seconds)
    except BaseException:
        process.kill()
        await serving.end(0.0)
        raise
    return serving


def _is_ending(pid: int) -> bool:
    """Whether a process has begun to end: before that none of its connections closes for it (proc(5))."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return True
    return state in "ZX" or bool(int(fields[5]) & _PF_EXITING)


def _said_more(more: bytes) -> str:
    return f"said more on standard output than its ready line: {show(more)}"
