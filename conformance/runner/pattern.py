"""Patterns over permutation names: `client=go/case=trade_*`; what is left out matches anything."""

import fnmatch
import functools
import re
from typing import Final, NamedTuple

COMPONENTS: Final = ("client", "server", "security", "key_type", "case")


class PatternError(ValueError):
    """A pattern that is none; the text names it."""


class Pattern(NamedTuple):
    """A glob (`*`, `?`, `[...]`) for each component of a permutation's name."""

    client: str = "*"
    server: str = "*"
    security: str = "*"
    key_type: str = "*"
    case: str = "*"

    def matches(self, components: tuple[str, str, str, str, str]) -> bool:
        """Whether a permutation's components match, each its glob."""
        return all(map(glob_matches, self, components))

    def __str__(self) -> str:
        named = zip(COMPONENTS, self, strict=True)
        return "/".join(f"{name}={glob}" for name, glob in named if glob != "*") or "case=*"


def parse(text: str) -> Pattern:
    """Reads a pattern; PatternError where it is none."""
    given: dict[str, str] = {}
    for part in text.split("/"):
        name, equals, glob = part.partition("=")
        if not equals or not glob or name not in COMPONENTS or name in given:
            expected = "/".join(f"{component}=GLOB" for component in COMPONENTS)
            raise PatternError(f"bad pattern {text!r} at {part!r}: expected parts of {expected}")
        given[name] = glob
    return Pattern(**given)


def glob_matches(glob: str, name: str) -> bool:
    """Whether a glob matches a whole name."""
    return glob == "*" or _compiled(glob).match(name) is not None


@functools.lru_cache(maxsize=1024)
def _compiled(glob: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(glob))
