"""The strict list of known failures: read from each language's TOML file, and held to be true.

    [[entry]]
    match = "client=go/key_type=p521/case=handshake"   # globs; what is left out matches anything
    reason = "why it fails, in one line"
    reference = "CVE, RFC or upstream document"
    expires = 2027-01-31

An entry that matches nothing, whose permutation passes, or that has expired fails the run.
"""

import datetime
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from conformance.runner.case import Case
from conformance.runner.config import every_config
from conformance.runner.pattern import Pattern, PatternError, glob_matches, parse
from conformance.runner.plan import RUNNER, Permutation

_FIELDS: Final = {"match": str, "reason": str, "reference": str, "expires": datetime.date}


class KnownFailingError(ValueError):
    """A file of known failures is unusable; the text names file and entry."""


class Entry(NamedTuple):
    """One known failure of a language."""

    language: str
    match: Pattern
    reason: str
    reference: str
    expires: datetime.date


def read(language: str, path: Path) -> tuple[Entry, ...]:
    """The entries of a language's file; KnownFailingError where one is wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise KnownFailingError(f"{path.name} of {language}: {error}") from error
    if table.keys() - {"entry"} or not isinstance(table.get("entry", []), list):
        raise KnownFailingError(f"{path.name} of {language}: expected only [[entry]] tables")
    return tuple(_entry(language, path, raw) for raw in table.get("entry", []))


def _entry(language: str, path: Path, raw: dict[str, Any]) -> Entry:
    where = f"{path.name} of {language}, entry {raw.get('match', raw)!r}"
    if raw.keys() != _FIELDS.keys():
        raise KnownFailingError(f"{where}: expected exactly the fields {', '.join(_FIELDS)}")
    for field, expected in _FIELDS.items():
        if type(raw[field]) is not expected or not raw[field]:
            raise KnownFailingError(f"{where}: {field} must be a {expected.__name__} and not empty")
    try:
        match = parse(raw["match"])
    except PatternError as error:
        raise KnownFailingError(f"{where}: {error}") from error
    if language not in (match.client, match.server):
        raise KnownFailingError(f"{where}: must name client={language} or server={language}")
    return Entry(language, match, raw["reason"], raw["reference"], raw["expires"])


def find(entries: Sequence[Entry], permutation: Permutation) -> Entry | None:
    """The first entry that matches a permutation."""
    components = permutation.components
    return next((entry for entry in entries if entry.match.matches(components)), None)


def stale(
    entries: Sequence[Entry], languages: Sequence[str], cases: Sequence[Case], today: datetime.date
) -> list[str]:
    """What is wrong with the entries themselves: those that match nothing or have expired.

    They are held against everything there is, not against what a run was narrowed to.
    """
    problems = []
    for entry in entries:
        name = f"known failing entry of {entry.language} {str(entry.match)!r}"
        if entry.expires < today:
            problems.append(f"{name} expired on {entry.expires}: {entry.reason}")
        if not _matches_something(entry.match, languages, cases):
            problems.append(f"{name} matches nothing: {entry.reason}")
    return problems


def _matches_something(match: Pattern, languages: Sequence[str], cases: Sequence[Case]) -> bool:
    configs = [
        config
        for config in every_config()
        if glob_matches(match.security, config.security)
        and glob_matches(match.key_type, config.key_type)
    ]
    return (
        any(glob_matches(match.client, name) for name in (*languages, RUNNER))
        and any(glob_matches(match.server, name) for name in languages)
        and any(
            glob_matches(match.case, case.name) and any(map(case.fits, configs)) for case in cases
        )
    )
