"""Packs results for the page: column by column, texts once each, gzip in base64."""

import base64
import gzip
import json
from collections.abc import Hashable, Iterable
from typing import Any, Final, Generic, TypeVar

from conformance.results.reader import OUTCOMES, Permutation, Results
from conformance.results.together import together

# Characters of transcripts that a page holds, and of one transcript where they are more than that.
MOST_TEXT: Final = 12_000_000
MOST_OF_ONE: Final = 6_000

# The page must open on any machine: with less text if need be.
MOST_BYTES: Final = 2_600_000

_T = TypeVar("_T", bound=Hashable)

LEFT_OUT: Final = "(left out of this page for its size; results.json has it)"


class Interned(Generic[_T]):
    """Values by number, each once, in the order of their coming."""

    def __init__(self, values: Iterable[_T] = ()) -> None:
        self._numbers: dict[_T, int] = {}
        for value in values:
            self.number(value)

    def number(self, value: _T) -> int:
        """The number of a value."""
        return self._numbers.setdefault(value, len(self._numbers))

    @property
    def values(self) -> list[_T]:
        """The values, by number."""
        return [*self._numbers]


def pack(results: Results) -> str:
    """What script/data.mjs unpacks: base64 of gzip of JSON, at most MOST_BYTES of it."""
    most = MOST_TEXT
    while True:
        text = json.dumps(columns(results, most), ensure_ascii=True, separators=(",", ":"))
        packed = base64.b64encode(gzip.compress(text.encode("ascii"), 6, mtime=0)).decode("ascii")
        if len(packed) <= MOST_BYTES or not most:
            return packed
        most = most // 4 if most > MOST_OF_ONE else 0


def columns(results: Results, most_text: int = MOST_TEXT) -> dict[str, Any]:
    """The document. A duration is in tenths of a millisecond."""
    clients: Interned[str] = Interned()
    servers: Interned[str] = Interned()
    configs: Interned[tuple[str, str]] = Interned()
    cases: Interned[tuple[str, str, str]] = Interned()
    commands: Interned[str] = Interned()
    outcomes = {outcome: number for number, outcome in enumerate(OUTCOMES)}
    clauses = results.clauses
    rows = [
        (
            clients.number(p.client),
            servers.number(p.server),
            configs.number((p.security, p.key_type)),
            cases.number((p.case, p.suite, clauses.get(p.case, ""))),
            outcomes[p.outcome],
            round(p.duration * 10_000),
            commands.number(p.reproduce.removesuffix(p.name)),
        )
        for p in results.permutations
    ]
    names = ("client", "server", "config", "case", "outcome", "duration", "command")
    return {
        "tables": {
            "client": clients.values,
            "server": servers.values,
            "config": configs.values,
            "case": cases.values,
            "outcome": OUTCOMES,
            "command": commands.values,
        },
        "columns": dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {},
        "notes": _notes(results.permutations, most_text),
        "findings": [finding._asdict() for finding in together(results)],
        "run": _run(results),
    }


def _notes(permutations: Iterable[Permutation], most_text: int) -> dict[str, Any]:
    """Reasons and transcripts, of what has any, by its number."""
    noted = [(i, p) for i, p in enumerate(permutations) if p.reason or p.transcript]
    # What makes the run fail comes first where there is no room for all.
    noted.sort(key=lambda item: not item[1].bad)
    texts: Interned[str] = Interned()
    tight = sum(len(p.transcript) for _, p in noted) > most_text
    left = most_text
    rows = []
    for i, p in noted:
        transcript = p.transcript
        if tight:
            transcript = _cut(transcript) if left > 0 else LEFT_OUT
            left -= len(transcript)
        rows.append((i, texts.number(p.reason), texts.number(transcript)))
    return {"rows": rows, "texts": texts.values}


def _cut(text: str) -> str:
    return text if len(text) <= MOST_OF_ONE else f"{text[:MOST_OF_ONE]}\n{LEFT_OUT}"


def _run(results: Results) -> dict[str, Any]:
    return {
        "profile": results.profile,
        "started": results.started,
        "environment": results.environment,
        "complaints": results.complaints,
        "floor": results.floor,
        "executed": results.executed,
        "missing": results.missing,
        "programs": [program._asdict() for program in results.programs],
        "waterfall": results.waterfall._asdict(),
    }
