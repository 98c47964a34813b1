"""How the runner drives a program: by a session, or, where it has none, by its command line."""

import enum
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

SESSION_FLAG: Final = "--session"
CONFORMANCE_FLAG: Final = "--conformance"

_ADAPTER: Final = Path(__file__).parent / "adapter" / "program.py"


class Way(enum.StrEnum):
    """What a program understands of the contract."""

    # Frames on its standard streams: everything a case may ask.
    SESSION = "session"
    # A server that obeys directives, but tells nothing: `--conformance`.
    CONFORMANCE = "conformance"
    # The command line alone.
    FLAGS = "flags"


class Drive(NamedTuple):
    """How one program of a run is started."""

    # What is started: the program itself, or the adapter that stands before it.
    argv: tuple[str, ...]
    way: Way = Way.SESSION
    # The language that its Hello must name; empty for a program from elsewhere, which may name any.
    language: str = ""
    # What tells it from another program of the same language and role; empty for nothing.
    label: str = ""


def bare(argv: Sequence[str]) -> tuple[str, ...]:
    """A program's command line without the flag of its session."""
    return tuple(word for word in argv if word != SESSION_FLAG)


def adapted(role: str, argv: Sequence[str], way: Way) -> tuple[str, ...]:
    """The command line of the adapter that speaks the session protocol for a program."""
    flags = [CONFORMANCE_FLAG] if way is Way.CONFORMANCE else []
    # -P: the adapter's folder is no place to import from.
    return (sys.executable, "-PS", str(_ADAPTER), role, *flags, "--", *bare(argv))
