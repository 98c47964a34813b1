"""Renders results as one page that needs nothing else: no network, no server, no other file."""

import base64
import hashlib
import html
import re
from pathlib import Path
from typing import Final

from conformance.results.columns import pack
from conformance.results.reader import Results

PAGE: Final = Path(__file__).with_name("page")

# In the order they stand in the page.
STYLES: Final = ("base", "controls", "matrix", "sheet", "run", "print")
SCRIPTS: Final = (
    "data",
    "words",
    "dom",
    "filter",
    "link",
    "controls",
    "movement",
    "matrix",
    "sheet",
    "findings",
    "run",
    "main",
)

# One line each, as the formatter leaves them unless they are too long.
_IMPORT: Final = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ", re.MULTILINE)


def page(results: Results) -> str:
    """The page."""
    style = "\n".join((PAGE / f"{name}.css").read_text("utf-8") for name in STYLES)
    script = bundle()
    values = {
        "title": html.escape(f"Stock conformance: {results.profile}, {_verdict(results)}"),
        "verdict": _verdict(results),
        "policy": _policy(style, script),
        "style": style,
        "script": script,
        "data": pack(results),
        "complaints": "".join(f"<li>{html.escape(line)}</li>" for line in results.complaints[:20]),
    }
    template = (PAGE / "page.html").read_text("utf-8")
    # By one pass: what is put in is not looked at again.
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], template)


def bundle() -> str:
    """The modules as one: what they import of each other is already there."""
    parts = [(PAGE / f"{name}.mjs").read_text("utf-8") for name in SCRIPTS]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", part)) for part in parts)


def _verdict(results: Results) -> str:
    return "passed" if results.passed else "failed"


def _policy(style: str, script: str) -> str:
    """What the browser is to allow: this style and this script, and no request at all."""
    kinds = (("style-src", style), ("script-src", script))
    hashes = "; ".join(f"{kind} 'sha256-{_digest(text)}'" for kind, text in kinds)
    return f"default-src 'none'; base-uri 'none'; form-action 'none'; {hashes}"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
