"""Declares mutants: Python peers with one behaviour switched, and the cases that must notice it."""

import enum
import fnmatch
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from conformance.runner.config import PLAINTEXT, Config


class Role(enum.StrEnum):
    """Which program of the implementation is wrong."""

    SERVER = "server"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A peer that breaks one rule."""

    name: str
    role: Role
    # What it does wrong, in one sentence.
    breaks: str
    # Globs of the cases that must fail, each at least one.
    caught_by: tuple[str, ...]
    # Globs of the cases that may fail too, as they need what is broken to come to their own point.
    disturbs: tuple[str, ...]
    config: Config
    # Switches the behaviour, in the mutant's own process.
    apply: Callable[[], None]

    def missed(self, failed: Iterable[str]) -> tuple[str, ...]:
        """Globs of the cases that must fail, of which none is among those that did."""
        return tuple(glob for glob in self.caught_by if not fnmatch.filter(failed, glob))

    def kills(self, failed: Iterable[str]) -> tuple[str, ...]:
        """Those of the failed cases that must fail."""
        return tuple(
            case for case in failed if any(fnmatch.fnmatchcase(case, g) for g in self.caught_by)
        )

    def strays(self, failed: Iterable[str]) -> tuple[str, ...]:
        """Those of the failed cases that have nothing to do with what is broken."""
        expected = self.caught_by + self.disturbs
        return tuple(
            case for case in failed if not any(fnmatch.fnmatchcase(case, g) for g in expected)
        )


MUTANTS: Final[dict[str, Mutant]] = {}


def mutant(
    role: Role, *caught_by: str, disturbs: tuple[str, ...] = (), config: Config = PLAINTEXT
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declares the decorated function, which switches a behaviour, as a mutant of its name."""

    def declare(apply: Callable[[], None]) -> Callable[[], None]:
        name = apply.__name__
        breaks = " ".join((apply.__doc__ or "").split())
        if name in MUTANTS or not breaks or not caught_by:
            raise ValueError(f"mutant {name}: expected a new name, a docstring and a case")
        MUTANTS[name] = Mutant(name, role, breaks, caught_by, disturbs, config, apply)
        return apply

    return declare


def switch(owner: object, name: str) -> Callable[[Callable[..., Any]], None]:
    """Puts the decorated function in the place of a method or function, which it gets first."""
    original = getattr(owner, name)

    def install(replacement: Callable[..., Any]) -> None:
        def replaced(*arguments: Any, **named: Any) -> Any:
            return replacement(original, *arguments, **named)

        setattr(owner, name, replaced)

    return install
