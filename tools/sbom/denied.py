"""The list of denied versions, and what of it is in bills of materials."""

import datetime
import tomllib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from packageurl import PackageURL
from univers.version_range import RANGE_CLASS_BY_SCHEMES, VersionRange


class DeniedError(Exception):
    """The list cannot be read; the text names the entry."""


class Denied(NamedTuple):
    """Versions of packages that a vulnerability is in."""

    id: str
    packages: Sequence[PackageURL]
    affected: VersionRange

    def has(self, purl: PackageURL) -> bool:
        """Whether a package is one of these, in an affected version."""
        named = any(
            (purl.type, purl.namespace, purl.name) == (each.type, each.namespace, each.name)
            for each in self.packages
        )
        return named and self.affected.version_class(purl.version) in self.affected


class Allowed(NamedTuple):
    """A vulnerability that the programs of some languages are taken with all the same, up to a day."""

    id: str
    languages: Sequence[str]
    reason: str
    expires: datetime.date


class DenyList(NamedTuple):
    """What denied.toml has."""

    denied: Sequence[Denied]
    exceptions: Sequence[Allowed]


def _denied(entry: dict[str, Any]) -> Denied:
    date, source = entry["date"], entry["source"]
    if not isinstance(date, datetime.date) or not source:
        raise ValueError("a date and a source expected")
    packages = [PackageURL.from_string(package) for package in entry["packages"]]
    affected = VersionRange.from_string(entry["affected"])
    for package in packages:
        if not isinstance(affected, RANGE_CLASS_BY_SCHEMES[package.type]):
            raise ValueError(f"{package.to_string()} has no versions of {affected}")
    return Denied(entry["id"], packages, affected)


def _allowed(entry: dict[str, Any]) -> Allowed:
    if (
        not isinstance(entry["expires"], datetime.date)
        or not entry["reason"]
        or not entry["languages"]
    ):
        raise ValueError("expires, a reason and languages expected")
    return Allowed(entry["id"], entry["languages"], entry["reason"], entry["expires"])


def read(path: Path) -> DenyList:
    """The list in a file. Raises DeniedError."""
    told = tomllib.loads(path.read_text("utf-8"))
    read_by = {"denied": _denied, "exception": _allowed}
    found: dict[str, list[Any]] = {kind: [] for kind in read_by}
    for kind, entries in told.items():
        for entry in entries:
            try:
                found[kind].append(read_by[kind](entry))
            except (KeyError, ValueError) as error:
                raise DeniedError(f"{kind} {entry.get('id', '?')}: {error}") from None
    known = {denied.id for denied in found["denied"]}
    for allowed in found["exception"]:
        if allowed.id not in known:
            raise DeniedError(f"exception {allowed.id}: nothing of this id is denied")
    return DenyList(found["denied"], found["exception"])


def problems(
    deny_list: DenyList, language: str, purls: Collection[PackageURL], today: datetime.date
) -> Iterator[str]:
    """What is wrong with the components of a language's programs: a line each."""
    exceptions = {each.id: each for each in deny_list.exceptions if language in each.languages}
    used = set()
    for denied in deny_list.denied:
        for purl in filter(denied.has, purls):
            used.add(denied.id)
            if denied.id not in exceptions:
                yield f"{denied.id}: {purl.to_string()} is denied ({denied.affected})"
    for allowed in exceptions.values():
        if allowed.id not in used:
            yield f"{allowed.id}: the exception for {language} is not used any more"
        if allowed.expires < today:
            yield f"{allowed.id}: the exception for {language} was over on {allowed.expires}"
