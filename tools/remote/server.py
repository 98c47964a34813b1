"""A server of the executor: a process whose output is kept, and which ends when we do."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.remote.install import RemoteError

_DEADLINE = 60.0


@dataclass(frozen=True)
class Server:
    """A running server and the file with what it says."""

    process: subprocess.Popen[bytes]
    log: Path

    def signal(self, number: int) -> None:
        """Sends it and all that it started a signal, if it is there."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """Ends it and all that it started, as a machine does that loses its power."""
        self.signal(signal.SIGKILL)
        self.process.wait(_DEADLINE)

    def check(self) -> None:
        """Raises RemoteError with what it said where it has ended."""
        if (code := self.process.poll()) is not None:
            said = self.log.read_text("utf-8", errors="replace")
            raise RemoteError(f"{self.log.stem} ended with {code}: {said[-2000:]}")


@contextlib.contextmanager
def server(
    command: Sequence[str | Path], log: Path, variables: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Starts a server that leads a process group; it is killed at the end."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    running = Server(process, log)
    try:
        yield running
    finally:
        running.kill()


def said(process: subprocess.Popen[str], line: str, log: Path) -> bool:
    """Whether a server says `line` on its standard error before it ends, or too much time is gone.

    What it says is kept in a file, also later.
    """
    found = threading.Event()
    over = threading.Event()

    def keep() -> None:
        assert process.stderr is not None
        with log.open("a", encoding="utf-8") as file:
            for text in process.stderr:
                file.write(text)
                file.flush()
                if line in text:
                    found.set()
                    over.set()
        over.set()

    threading.Thread(target=keep, daemon=True).start()
    over.wait(_DEADLINE)
    return found.is_set()
