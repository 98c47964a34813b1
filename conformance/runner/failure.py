"""Tells why a permutation failed: one line of reason, and what its calls sent and got."""

import asyncio
import traceback
from typing import Final

from conformance.runner.cell import Cell
from conformance.runner.expect import Mismatch, show

_OWN: Final = "conformance."


def reason(error: BaseException) -> str:
    """One line for a person."""
    if isinstance(error, Mismatch):
        return str(error)
    if isinstance(error, asyncio.CancelledError):
        return "the case cancelled itself"
    return f"{type(error).__name__}: {show(str(error))}"


def transcript(cell: Cell, error: BaseException, company: str = "") -> str:
    """Who took part beside the name, where in the case it failed, what its calls sent and got."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"at {frame.name}, line {frame.lineno}: {frame.line}" for frame in frames[-3:]]
    return "\n".join(filter(None, [company, *where, cell.transcript]))


def is_own(error: BaseException) -> bool:
    """Whether an error passed through the runner's code, and not only through a library's."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__", "").startswith(_OWN) for frame, _ in frames)
