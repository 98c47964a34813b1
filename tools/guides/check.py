"""Plays the README and the guides, so that no command can rot: `./bazelw run //tools/guides:check [-- PAGE...]`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from tools.guides.pages import blocks
from tools.guides.play import play

_LAST_LINES = 60


def check(root: Path, pages: Sequence[Path], out: TextIO) -> int:
    """Plays pages in a workspace; 1 where a block did not do what its page says."""
    failed = 0
    for page in pages:
        name = page.relative_to(root)
        found = blocks(page.read_text("utf-8"))
        print(f"{name}: {len(found)} blocks", file=out, flush=True)
        for played in play(found, root):
            print(f"  line {played.block.line}: {played.seconds:.1f} s", file=out, flush=True)
            if played.problem:
                failed += 1
                print(f"{name}:{played.block.line}: {played.problem}", file=out)
                print(played.block.commands, file=out)
                print("\n".join(played.output.splitlines()[-_LAST_LINES:]), file=out, flush=True)
    print(f"{len(pages) - failed} of {len(pages)} pages do what they say", file=out)
    return 1 if failed or not pages else 0


def main(argv: Sequence[str], workspace: str, out: TextIO) -> int:
    """Plays the pages that are named, else all with commands. 2 for a page that is not there."""
    root = Path(workspace).resolve()
    pages = [(root / name).resolve() for name in argv] or _all(root)
    for page in pages:
        if not page.is_file() or not page.is_relative_to(root):
            print(f"no such page: {page}", file=sys.stderr)
            return 2
    return check(root, pages, out)


def _all(root: Path) -> list[Path]:
    pages = [root / "README.md", *sorted((root / "docs" / "guide").glob("*.md"))]
    return [page for page in pages if page.is_file() and blocks(page.read_text("utf-8"))]
