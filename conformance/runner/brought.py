"""Reads what `--implementation` brings along: programs that live elsewhere, by name."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from conformance.runner.manifest import Implementation, Manifest
from conformance.runner.plan import RUNNER
from conformance.runner.way import SESSION_FLAG, Way

ROLES: Final = ("server", "client")
# What may stand behind a name and a dot, and which role it is for.
_MORE: Final = {"server-arg": "server", "client-arg": "client", "known-failing": ""}
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")
_EXPECTED: Final = "NAME=SERVER,CLIENT (NAME=SERVER, or NAME=,CLIENT for one alone)"


class BroughtError(ValueError):
    """What was brought along cannot be run; the text is one line that names it."""


class Brought(NamedTuple):
    """The programs of one name, each with its own arguments; empty where there is none."""

    name: str
    server: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    known_failing: Path | None = None

    def program(self, role: str) -> tuple[str, ...]:
        """The program of a role."""
        return self.server if role == "server" else self.client

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it has a program for."""
        return tuple(role for role in ROLES if self.program(role))

    def arguments(self) -> Iterator[str]:
        """The arguments that bring it along, wherever they are given."""
        first = ("".join(self.program(role)[:1]) for role in ROLES)
        yield f"--implementation={self.name}={','.join(first)}"
        for role in ROLES:
            for argument in self.program(role)[1:]:
                yield f"--implementation={self.name}.{role}-arg={argument}"
        if self.known_failing is not None:
            yield f"--implementation={self.name}.known-failing={self.known_failing}"


def parse(texts: Sequence[str], folder: Path) -> tuple[Brought, ...]:
    """What the texts bring along, in their order; paths are relative to a folder. Raises BroughtError."""
    brought: dict[str, Brought] = {}
    more: list[tuple[str, str, str]] = []
    for text in texts:
        left, equals, value = text.partition("=")
        name, dot, what = left.partition(".")
        if not equals or not _NAME.fullmatch(name) or name == RUNNER or (dot and what not in _MORE):
            raise BroughtError(f"--implementation {text!r}: {_expectation(name, what)}")
        if dot:
            more.append((name, what, value))
        elif name in brought:
            raise BroughtError(f"--implementation {text!r}: {name} is brought along already")
        else:
            brought[name] = _programs(name, value, folder)
    for name, what, value in more:
        if name not in brought:
            raise BroughtError(
                f"--implementation {name}.{what}={value}: nothing brings {name} along"
            )
        brought[name] = _with(brought[name], what, value, folder)
    return tuple(brought.values())


def check(brought: Sequence[Brought]) -> None:
    """Raises BroughtError for the first file that cannot be what it is given as."""
    for one in brought:
        for role in one.roles:
            path = Path(one.program(role)[0])
            if problem := _problem(path):
                raise BroughtError(f"implementation {one.name}: the {role} {path} {problem}")
        if one.known_failing is not None and not one.known_failing.is_file():
            raise BroughtError(f"implementation {one.name}: no file {one.known_failing}")


def merge(
    found: Manifest, brought: Sequence[Brought], ways: Mapping[tuple[str, str], Way]
) -> Manifest:
    """The manifest with what was brought along: in the place of the same name, else at the end."""
    implementations = {one.language: one for one in found.implementations}
    for one in brought:
        base = implementations.get(one.name)
        if base is None or base.missing:
            known = base.known_failing if base else None
            base = Implementation(one.name, (), (), known, roles=())
        implementations[one.name] = _merged(base, one, ways)
    return found._replace(implementations=tuple(implementations.values()))


def _merged(
    base: Implementation, one: Brought, ways: Mapping[tuple[str, str], Way]
) -> Implementation:
    merged = base._replace(
        known_failing=one.known_failing or base.known_failing,
        roles=tuple(role for role in ROLES if role in base.roles or role in one.roles),
        brought=one.roles,
    )
    if one.server:
        way = ways[one.name, "server"]
        merged = merged._replace(server=_command(one.server, way), server_way=way)
    if one.client:
        way = ways[one.name, "client"]
        merged = merged._replace(client=_command(one.client, way), client_way=way)
    return merged


def _command(program: tuple[str, ...], way: Way) -> tuple[str, ...]:
    return (*program, SESSION_FLAG) if way is Way.SESSION else program


def _programs(name: str, value: str, folder: Path) -> Brought:
    server, comma, client = value.partition(",")
    if not comma or not (server or client) or "," in client:
        raise BroughtError(f"--implementation {name}={value!r}: expected {_EXPECTED}")
    return Brought(name, _program(server, folder), _program(client, folder))


def _program(path: str, folder: Path) -> tuple[str, ...]:
    return (os.path.abspath(folder / path),) if path else ()


def _with(one: Brought, what: str, value: str, folder: Path) -> Brought:
    role = _MORE[what]
    if not role:
        return one._replace(known_failing=Path(os.path.abspath(folder / value)))
    program = one.program(role)
    if not program:
        raise BroughtError(f"--implementation {one.name}.{what}={value}: {one.name} has no {role}")
    if role == "server":
        return one._replace(server=(*program, value))
    return one._replace(client=(*program, value))


def _problem(path: Path) -> str:
    try:
        if path.is_dir():
            return "is a directory"
        if not path.exists():
            return "does not exist"
    except OSError as error:
        return f"cannot be looked at: {error.strerror}"
    return "" if os.access(path, os.X_OK) else "is not executable"


def _expectation(name: str, what: str) -> str:
    if what and what not in _MORE:
        return f"expected NAME.{' or NAME.'.join(_MORE)}, got .{what}"
    if name == RUNNER:
        return f"{RUNNER} is the runner's own client"
    return f"expected {_EXPECTED}, a name of a-z, 0-9, - and _"
