"""Reads the commands out of a page: fenced blocks of shell, and what they are said to print."""

import itertools
import re
from typing import Final, NamedTuple

from markdown_it import MarkdownIt

# A line of an expected output that stands for any lines.
ANY: Final = "..."


class Block(NamedTuple):
    """One fenced block of shell."""

    # Where its fence stands in the page, from 1.
    line: int
    commands: str
    # What the block of `text` right below it says that it prints; None where there is none.
    expected: str | None


def blocks(page: str) -> list[Block]:
    """The blocks whose info string is `sh`, in order."""
    fences = [token for token in MarkdownIt().parse(page) if token.type == "fence"]
    found = []
    for fence, below in itertools.pairwise([*fences, None]):
        if fence is None or fence.info != "sh" or fence.map is None:
            continue
        told = below is not None and below.info == "text" and _adjoin(page, fence.map, below.map)
        expected = below.content if below is not None and told else None
        found.append(Block(fence.map[0] + 1, fence.content, expected))
    return found


def _adjoin(page: str, above: list[int], below: list[int] | None) -> bool:
    """Whether nothing but blank lines stands between two blocks."""
    return below is not None and not "".join(page.split("\n")[above[1] : below[0]]).strip()


def fits(expected: str, output: str) -> bool:
    """Whether an output is the expected one, in which `...` stands for any text, on its own line for lines."""
    parts = re.split(r"(^\.\.\.\n|\.\.\.)", expected, flags=re.MULTILINE)
    wild = {ANY + "\n": r"(?:.*\n)*", ANY: ".*"}
    pattern = "".join(wild.get(part) or re.escape(part) for part in parts)
    return re.fullmatch(pattern, output) is not None
