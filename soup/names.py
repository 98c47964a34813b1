"""Names that users type: languages and operations, and what to say of a wrong one."""

import difflib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

# Other names that users know a language by.
ALIASES: Final = {"nodejs": "node"}

# Of the client program: what stands in docs/reference/programs.md.
OPERATIONS: Final = {
    "get": "Get a value and print its bytes: get KEY.",
    "put": "Put a value: put KEY VALUE, where VALUE - is standard input.",
    "delete": "Delete a key: delete KEY.",
    "monitor": "Print changes as they come: monitor [PREFIX] --count N.",
    "batch": "Put many values in one stream: batch KEY=VALUE ..., or lines on standard input.",
    "trade": "Trade over one stream: trade buy:SYMBOL:N sell:SYMBOL:N query:SYMBOL ...",
    "inventory": "Print what the server holds, and what it is made of.",
    "health": "Ask for the health of a service: health [SERVICE].",
    "kv-get": "As get, over the older service proto.KV.",
    "kv-put": "As put, over the older service proto.KV.",
}


@cache
def languages() -> tuple[str, ...]:
    """The languages of the project, sorted."""
    # Generated from the list of the matrix; it stands beside us in runfiles and in the wheel.
    listed = Path(__file__).parents[1] / "conformance" / "languages.txt"
    return tuple(sorted(listed.read_text("utf-8").split()))


def unknown(kind: str, given: str, known: Iterable[str]) -> str:
    """The message for a name that there is not: what was given, what is near, what there is."""
    names = sorted(known)
    near = difflib.get_close_matches(given, names, 1)
    meant = f" did you mean {near[0]!r}?" if near else ""
    return f"unknown {kind} {given!r}:{meant} there are: {', '.join(names) or 'none'}"
