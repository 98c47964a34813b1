"""Asks the programs of a language what they are: version, and the families they are made of.

Nothing of the protocol is needed for it: `--version` tells version and library, and a server tells the
rest to whoever asks for its inventory.
"""

import contextlib
import os
import re
import select
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

_READY: Final = re.compile(r"Server listening on (\S+)\n")
# Seconds for everything that is asked of one language; the slowest runtime starts in one.
_DEADLINE: Final = 30.0

FAMILIES: Final = ("library", "runtime", "transport", "tls_stack")


class Answer(NamedTuple):
    """What programs say of themselves; empty where nothing could be learnt."""

    version: str = ""
    families: Mapping[str, str] = {}
    # Why nothing, or not everything, could be learnt.
    trouble: str = ""


class _Budget:
    """Seconds that are left of a deadline."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())


def ask(server: Path | None, client: Path | None, environ: Mapping[str, str]) -> Answer:
    """What a server is, by a client of any language; without both, what one says by itself."""
    one = server or client
    if one is None:
        return Answer()
    budget = _Budget(_DEADLINE)
    try:
        version, library = _version(one, environ, budget)
        families = {"library": library}
        if server and client:
            with _serving(server, environ, budget) as endpoint:
                families |= _inventory(client, endpoint, environ, budget)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return Answer(trouble=" ".join(str(error).split()))
    return Answer(version, {name: families.get(name, "") for name in FAMILIES})


def _run(argv: list[str], environ: Mapping[str, str], budget: _Budget) -> str:
    done = subprocess.run(
        argv,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=budget.left(),
        check=False,
    )
    if done.returncode:
        raise ValueError(f"{argv[0]} {argv[1]}: exit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def _version(program: Path, environ: Mapping[str, str], budget: _Budget) -> tuple[str, str]:
    words = _run([str(program), "--version"], environ, budget).split(maxsplit=3)
    if len(words) < 4:
        raise ValueError(
            f"{program} --version: expected PROGRAM VERSION LANGUAGE LIBRARY, got {words}"
        )
    return words[1], words[3].strip()


def _inventory(
    client: Path, endpoint: str, environ: Mapping[str, str], budget: _Budget
) -> dict[str, str]:
    argv = [
        str(client),
        "inventory",
        f"--server={endpoint}",
        f"--timeout-seconds={budget.left():.1f}",
    ]
    lines = _run(argv, environ, budget).splitlines()
    pairs = (line.removeprefix("metadata.").partition("=") for line in lines)
    return {name: value for name, equals, value in pairs if equals}


@contextlib.contextmanager
def _serving(server: Path, environ: Mapping[str, str], budget: _Budget) -> Iterator[str]:
    """A server on a port of its own; its endpoint. It has ended when the block has."""
    argv = [str(server), "--port=0", "--grace-seconds=0"]
    running = subprocess.Popen(
        argv,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert running.stdout is not None
    with running.stdout:
        try:
            yield _ready(running.stdout.fileno(), budget)
        finally:
            running.terminate()
            try:
                running.wait(timeout=max(1.0, budget.left()))
            except subprocess.TimeoutExpired:
                # Wrappers of virtual machines have children.
                os.killpg(running.pid, 9)
                running.wait()


def _ready(descriptor: int, budget: _Budget) -> str:
    said = b""
    while not said.endswith(b"\n"):
        readable, _, _ = select.select([descriptor], [], [], budget.left())
        more = os.read(descriptor, 4096) if readable else b""
        if not more:
            raise ValueError(f"the server has not become ready; it said {said!r}")
        said += more
    if match := _READY.fullmatch(said.decode("utf-8", "replace")):
        return match[1]
    raise ValueError(f"no ready line: {said!r}")
