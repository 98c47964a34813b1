"""Measures how long programs take to be there: from their start to Hello, and to the ready line.

Not a test: figures depend on the machine. The languages take turns, so that what else the machine does
meets all of them alike.
"""

import argparse
import asyncio
import contextlib
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Final, NamedTuple, TextIO

from conformance.runner.manifest import Implementation, ManifestError
from conformance.runner.process import environment
from conformance.runner.run import read_manifest

# Far more than any program takes.
PATIENCE_SECONDS: Final = 30.0

READY: Final = b"Server listening on "


class StartError(Exception):
    """A program did not get there; the text names it."""


class Start(NamedTuple):
    """One way to start a program, and what it says once it is there."""

    # `server Hello`, `client Hello`, `listening`.
    name: str
    language: str
    argv: tuple[str, ...]


def starts_of(implementation: Implementation) -> tuple[Start, ...]:
    """The ways to start one language's programs."""
    language, server, client, *_ = implementation
    return (
        Start("listening", language, (server[0], "--port", "0")),
        Start("server Hello", language, server),
        Start("client Hello", language, client),
    )


async def measure(start: Start, variables: dict[str, str]) -> float:
    """Seconds from the start until the program has said it is there. Raises StartError; leaves no process."""
    began = time.monotonic()
    program = await asyncio.create_subprocess_exec(
        *start.argv,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=variables,
        process_group=0,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await _word(start, program.stdout)
            seconds = time.monotonic() - began
            program.send_signal(signal.SIGTERM)
            await program.communicate()
            return seconds
    except TimeoutError:
        reason = f"not there and gone within {PATIENCE_SECONDS:g} s"
        raise StartError(f"{start.language} {start.name}: {reason}") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            program.kill()
        await program.wait()


async def _word(start: Start, stdout: asyncio.StreamReader | None) -> None:
    """Waits for what the program says first. Raises StartError where it says something else, or nothing."""
    assert stdout is not None
    try:
        if start.name == "listening":
            said = await stdout.readuntil(b"\n")
            there = said.startswith(READY)
        else:
            size = int.from_bytes(await stdout.readexactly(4), "big")
            there = bool(await stdout.readexactly(size))
    except asyncio.IncompleteReadError as error:
        said, there = error.partial, False
    if not there:
        raise StartError(f"{start.language} {start.name}: said {said!r}")


async def measure_all(
    starts: Sequence[Start], times: int, variables: dict[str, str]
) -> dict[Start, list[float]]:
    """Seconds of each start, so many times. Raises StartError."""
    measured: dict[Start, list[float]] = {start: [] for start in starts}
    for _ in range(times):
        for start in starts:
            measured[start].append(await measure(start, variables))
    return measured


def table(measured: dict[Start, list[float]]) -> list[str]:
    """A line for each start: minimum, median and maximum in milliseconds."""
    return [
        f"{'ms':<26}{'min':>8}{'median':>8}{'max':>8}",
        *(
            f"{start.language:<12}{start.name:<14}"
            f"{min(took) * 1000:8.1f}{statistics.median(took) * 1000:8.1f}{max(took) * 1000:8.1f}"
            for start, took in measured.items()
        ),
    ]


def main(argv: Sequence[str], out: TextIO) -> int:
    """Prints the table; 1 where a program did not get there, 2 for what cannot run."""
    given = _parser().parse_args(argv)
    try:
        implementations, variables = read_manifest(given.manifest)
    except ManifestError as error:
        print(f"starts: {error}", file=sys.stderr)
        return 2
    starts = [
        start
        for one in implementations
        if not one.missing and given.language in ("", one.language)
        for start in starts_of(one)
    ]
    if not starts:
        print(f"starts: no language {given.language!r}", file=sys.stderr)
        return 2
    try:
        measured = asyncio.run(measure_all(starts, given.times, environment(variables)))
    except StartError as error:
        print(f"starts: {error}", file=sys.stderr)
        return 1
    print("\n".join(table(measured)), file=out)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="starts", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--manifest", required=True, metavar="PATH", help="runfiles path of the manifest")
    add("--language", default="", help="only this one")
    add("--times", type=int, default=10, metavar="N", help="how often each program is started")
    return parser
