"""The programs of one implementation as child processes: what they print, how they end, each wait bounded."""

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, NoReturn, Self

import pytest
from runfiles import Runfiles

from conformance.runner.process import environment

# Seconds for anything that must happen, on a machine that does much else.
PATIENCE: Final = 60.0

# For operations: the five seconds that they allow by themselves may pass on such a machine.
PATIENT: Final = f"--timeout-seconds={PATIENCE:g}"

# Where programs keep what they start quicker by (the XDG base directory specification).
CACHE: Final = "XDG_CACHE_HOME"


class Implementation(NamedTuple):
    """One language's programs."""

    language: str
    server: str
    client: str
    # Why they could not be built; empty where they were.
    missing: str
    environment: Mapping[str, str]
    # What they are made of, as a manifest has it: name and version by part.
    libraries: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def program(self, role: str) -> str:
        """The program of a role."""
        return self.server if role == "server" else self.client

    def cached(self, folder: Path) -> Self:
        """The same with a folder of the user's cache, empty or used before."""
        return self._replace(environment={**self.environment, CACHE: str(folder)})


class Ended(NamedTuple):
    """How a program ended, and what it printed."""

    code: int
    out: bytes
    err: str


def located(path: str) -> str:
    """Where a runfile is; empty where there is none of that path."""
    runfiles = Runfiles.Create()
    assert runfiles is not None, "started by Bazel, which makes runfiles"
    return runfiles.Rlocation(path) or "" if path else ""


def inherited() -> Mapping[str, str]:
    """The environment for programs, in which they find their own runfiles."""
    runfiles = Runfiles.Create()
    assert runfiles is not None, "started by Bazel, which makes runfiles"
    return environment(runfiles.EnvVars())


def implementation(manifest: str) -> Implementation:
    """The one implementation of a manifest, which is given by its runfiles path."""
    (entry,) = json.loads(Path(located(manifest)).read_text())["implementations"]
    programs = (located(entry["server"]), located(entry["client"]))
    libraries = entry["requires"]["libraries"]
    return Implementation(entry["language"], *programs, entry["missing"], inherited(), libraries)


def absent(what: str, reason: str) -> NoReturn:
    """Skips tests for the lack of what they need; fails them where everything is required."""
    if os.environ.get("STOCK_REQUIRE") == "all":
        pytest.fail(f"{what} was required: {reason}")
    pytest.skip(f"{what}: {reason}")


def required(manifest: str) -> Implementation:
    """The implementation that tests are about; where it could not be built there is nothing to test."""
    found = implementation(manifest)
    if found.missing:
        absent(found.language, found.missing)
    return found


def run(
    of: Implementation, role: str, *words: str | bytes, stdin: bytes = b"", shell: str = ""
) -> Ended:
    """Runs a program to its end; `shell` is a redirection, as `>/dev/full`."""
    line: list[str | bytes] = [of.program(role), *words]
    if shell:
        line = ["/bin/sh", "-c", f'exec "$@" {shell}', "sh", *line]
    done = subprocess.run(
        line, input=stdin, capture_output=True, timeout=PATIENCE, check=False, env=of.environment
    )
    return Ended(done.returncode, done.stdout, done.stderr.decode())


class Running:
    """A program that is running; `start` ends it whatever happens."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Takes over a process that was started with pipes."""
        self.process = process
        self._log = log
        assert process.stdin is not None
        assert process.stdout is not None
        self.stdin = process.stdin
        self._stdout = process.stdout
        self._read = b""

    def read(self, size: int) -> bytes:
        """Exactly so many bytes of its standard output."""
        while len(self._read) < size:
            assert self._more(), f"standard output ended after {self._read!r}; log: {self.log}"
        taken, self._read = self._read[:size], self._read[size:]
        return taken

    def line(self) -> str:
        """A line of its standard output, without its end."""
        while b"\n" not in self._read:
            assert self._more(), f"standard output ended after {self._read!r}; log: {self.log}"
        taken, _, self._read = self._read.partition(b"\n")
        return taken.decode()

    def rest(self) -> bytes:
        """What is left of its standard output, to its end."""
        while self._more():
            pass
        taken, self._read = self._read, b""
        return taken

    @property
    def log(self) -> str:
        """Its standard error so far."""
        return self._log.read_text()

    def stop_reading(self) -> None:
        """Closes the pipe that its standard output goes to."""
        self._stdout.close()

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self.process.send_signal(number)

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(PATIENCE)

    def _more(self) -> bool:
        readable, _, _ = select.select([self._stdout], [], [], PATIENCE)
        assert readable, f"nothing more on standard output after {self._read!r}; log: {self.log}"
        chunk = os.read(self._stdout.fileno(), 65_536)
        self._read += chunk
        return bool(chunk)


@contextlib.contextmanager
def launch(
    line: Sequence[str | bytes], variables: Mapping[str, str], log: Path
) -> Iterator[Running]:
    """Starts any program, its standard error going to a file; kills it if it still runs in the end."""
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=variables,
            process_group=0,
        )
    try:
        yield Running(process, log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


@contextlib.contextmanager
def start(of: Implementation, role: str, folder: Path, *words: str | bytes) -> Iterator[Running]:
    """Starts a program of the implementation, as `launch` does."""
    log = folder / f"{role}.{time.monotonic_ns()}.log"
    with launch([of.program(role), *words], of.environment, log) as program:
        yield program


@contextlib.contextmanager
def serve(of: Implementation, folder: Path, *words: str) -> Iterator[tuple[Running, str]]:
    """Starts a server on a free port; with its endpoint, once it is ready."""
    with start(of, "server", folder, "--port=0", *words) as server:
        ready = server.line()
        assert ready.startswith("Server listening on "), ready
        yield server, ready.removeprefix("Server listening on ")


def split(endpoint: str) -> tuple[str, int]:
    """Host and port of an endpoint."""
    host, _, port = endpoint.rpartition(":")
    return host.strip("[]"), int(port)
