"""Reads the generated manifest: which implementations there are and where their programs stand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from conformance.runner.way import Drive, Way, adapted

_FIELDS: Final = ("language", "server", "client", "known_failing", "missing")


class ManifestError(ValueError):
    """The manifest is unusable; the text says what was expected."""


class Implementation(NamedTuple):
    """One language's programs, or those of a name that was brought along."""

    language: str
    # Command lines of the programs in session mode, or without its flag where they have none; empty where
    # `missing` says why.
    server: tuple[str, ...]
    client: tuple[str, ...]
    known_failing: Path | None
    # Why the programs could not be built; empty where they were.
    missing: str = ""
    # The roles that there is a program for: who brings one may bring it alone.
    roles: tuple[str, ...] = ("server", "client")
    server_way: Way = Way.SESSION
    client_way: Way = Way.SESSION
    # Roles whose program is from elsewhere.
    brought: tuple[str, ...] = ()

    def drive(self, role: str) -> Drive:
        """How the program of a role is started."""
        argv, way = self._program(role)
        language = "" if role in self.brought else self.language
        return Drive(argv if way is Way.SESSION else adapted(role, argv, way), way, language)

    def drive_server_by_flags(self) -> Drive:
        """How the server is started for a peer that cannot name a store: without its session."""
        if self.server_way is Way.FLAGS:
            return self.drive("server")
        return Drive(adapted("server", self.server, Way.FLAGS), Way.FLAGS, label="by flags")

    def _program(self, role: str) -> tuple[tuple[str, ...], Way]:
        if role == "server":
            return self.server, self.server_way
        return self.client, self.client_way


class Manifest(NamedTuple):
    """What a manifest holds."""

    # In its order.
    implementations: tuple[Implementation, ...]
    # Languages that are elsewhere in the matrix.
    others: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """All languages of the matrix, those that are elsewhere last."""
        return (*(implementation.language for implementation in self.implementations), *self.others)


def read(text: str, locate: Callable[[str], str | None]) -> Manifest:
    """Reads a manifest; `locate` turns runfiles paths into files.

    ManifestError where it is no manifest, names none, or names a file that is not there.
    """
    try:
        content = json.loads(text)
        entries = content["implementations"]
        others = tuple(map(str, content.get("others", ())))
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f'expected {{"implementations": [...]}}: {error}') from error
    implementations = tuple(_implementation(entry, locate) for entry in entries)
    if not implementations:
        raise ManifestError("the manifest has no implementation")
    languages = [implementation.language for implementation in implementations]
    if len(set(languages)) != len(languages):
        raise ManifestError(f"a language stands twice: {languages}")
    return Manifest(implementations, others)


def _implementation(entry: Any, locate: Callable[[str], str | None]) -> Implementation:
    if not isinstance(entry, dict) or any(not isinstance(entry.get(f), str) for f in _FIELDS):
        raise ManifestError(f"expected an object with the strings {_FIELDS}, got {entry}")
    if entry["missing"]:
        return Implementation(entry["language"], (), (), None, entry["missing"])

    def located(field: str) -> str:
        path = locate(entry[field])
        if path is None or not Path(path).exists():
            raise ManifestError(f"{entry['language']}: no file for {field} {entry[field]!r}")
        return path

    return Implementation(
        entry["language"],
        (located("server"), "--session"),
        (located("client"), "--session"),
        Path(located("known_failing")),
    )
