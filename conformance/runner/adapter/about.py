"""What a program says of itself by `--version`; nothing where it has no such flag."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final, NamedTuple

VERSION_SECONDS: Final = 10.0


class About(NamedTuple):
    """`stock_server VERSION LANGUAGE LIBRARY`; empty texts where that was not said."""

    version: str = ""
    language: str = ""
    library: str = ""


def parse(role: str, line: str) -> About:
    """What a line of `--version` says."""
    name, *told = line.split(None, 3)
    if name != f"stock_{role}" or len(told) < len(About._fields):
        return About()
    return About(*told)


async def ask(role: str, program: Sequence[str]) -> About:
    """Runs a program with `--version`."""
    process = None
    with contextlib.suppress(OSError, TimeoutError, UnicodeDecodeError, ValueError):
        async with asyncio.timeout(VERSION_SECONDS):
            process = await asyncio.create_subprocess_exec(
                *program,
                "--version",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            assert process.stdout is not None
            line = (await process.stdout.readline()).decode().strip()
            return parse(role, line) if line and await process.wait() == 0 else About()
    if process is not None and process.returncode is None:
        process.kill()
        await process.wait()
    return About()
