"""Renders what languages need as a page: `requirements.py INTRODUCTION MANIFEST PAGE`."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

# What a language's programs are made of, in this order, and what each is called.
_PARTS: Final = {
    "grpc": "gRPC",
    "protobuf": "Protocol Buffers",
    "transport": "HTTP/2",
    "tls_stack": "TLS",
}


def page(introduction: str, manifest: Mapping[str, Any]) -> str:
    """The page: its introduction, and a section for each language of a manifest."""
    lines = [introduction.rstrip()]
    for entry in sorted(manifest["implementations"], key=lambda entry: str(entry["language"])):
        lines += _section(entry["language"], entry["requires"])
    return "\n".join(lines) + "\n"


def _section(language: str, requires: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", f"## {language}", "")
    yield "| on the machine | what for | how it gets there on Debian 12 | without it |"
    yield "|---|---|---|---|"
    for need in requires["machine"]:
        install = ": ".join(filter(None, (need["debian"], need["install"])))
        yield _row(need["wanted"], need["purpose"], install, need["without"])
    locks = ", ".join(f"[`{path}`](../../{path})" for path in requires["locks"])
    yield from ("", f"Fetched by {requires['fetched_by']}, pinned in {locks}:", "")
    yield "| part | library | |"
    yield "|---|---|---|"
    for part, title in _PARTS.items():
        library = requires["libraries"][part]
        yield _row(title, f"{library['name']} {library['version']}", library["note"])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.strip().replace('|', chr(92) + '|') for cell in cells)} |"


def main(introduction: Path, manifest: Path, target: Path) -> None:
    """Reads two files, writes the third."""
    text = page(introduction.read_text("utf-8"), json.loads(manifest.read_text("utf-8")))
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
