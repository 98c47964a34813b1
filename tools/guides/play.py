"""Runs the blocks of a page in one shell, as a reader would who pastes them one after another."""

import contextlib
import os
import secrets
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tools.guides.pages import Block, fits

# A first command may build everything.
BLOCK_SECONDS: Final = 1200.0
# What a page has started has so long to end when the page is over.
END_SECONDS: Final = 10.0


class Played(NamedTuple):
    """What came of a block; `problem` is empty where it did what the page says."""

    block: Block
    seconds: float
    problem: str
    output: str


def play(blocks: Sequence[Block], root: Path, limit: float = BLOCK_SECONDS) -> Iterator[Played]:
    """Runs blocks in a workspace until one fails. Ends all that they have started in their group.

    A command that fails ends its block, as `set -eu -o pipefail` has it; what the page makes by
    `mktemp` is removed. `limit` is a block's, in seconds.
    """
    with tempfile.TemporaryDirectory(prefix="guide") as scratch, _shell(root, scratch) as shell:
        for block in blocks:
            played = _one(shell, block, limit)
            yield played
            if played.problem:
                return


@contextlib.contextmanager
def _shell(root: Path, scratch: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "TMPDIR": scratch, "NO_COLOR": "1"}
    shell = subprocess.Popen(
        ["bash", "--noprofile", "--norc", "-eu", "-o", "pipefail"],
        cwd=root,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield shell
    finally:
        _end(shell)


def _end(shell: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            shell.communicate(timeout=END_SECONDS)
            return


def _one(shell: subprocess.Popen[bytes], block: Block, limit: float) -> Played:
    began = time.monotonic()
    mark = f"-- {secrets.token_hex(8)} --\n"
    # Read as a whole before it is run, so that a command cannot take the rest for its input.
    script = f"{{\n{block.commands}\n}} </dev/null\nprintf '%s' '{mark}'\n"
    assert shell.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        shell.stdin.write(script.encode())
        shell.stdin.flush()
    output, came = _until(shell, mark.encode(), began + limit)
    text = output.decode("utf-8", "backslashreplace")
    seconds = time.monotonic() - began
    return Played(block, seconds, _problem(block, shell, text, came, limit), text)


def _until(shell: subprocess.Popen[bytes], mark: bytes, deadline: float) -> tuple[bytes, bool]:
    """What the shell says before the mark, and whether that came before its end or the deadline."""
    assert shell.stdout is not None
    said = b""
    with selectors.DefaultSelector() as selector:
        selector.register(shell.stdout, selectors.EVENT_READ)
        while mark not in said:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                return said, False
            some = os.read(shell.stdout.fileno(), 1 << 16)
            if not some:
                return said, False
            said += some
    return said.partition(mark)[0], True


def _problem(
    block: Block, shell: subprocess.Popen[bytes], output: str, came: bool, limit: float
) -> str:
    if not came:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return f"exit code {shell.wait(timeout=1)}"
        return f"still runs after {limit:g} s"
    if block.expected is not None and not fits(block.expected, output):
        return f"expected output:\n{block.expected}"
    return ""
