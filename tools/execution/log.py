"""Reads Bazel's execution log (`--execution_log_json_file`): what was run, for which target, and what it made.

Source: Bazel's spawn.proto, SpawnExec.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Spawn(NamedTuple):
    """One command of one action, run or taken from a cache."""

    label: str
    mnemonic: str
    # Digests of the files it made, by their paths in the execution root.
    outputs: Mapping[str, str]
    # What ran it: `linux-sandbox`, `remote cache hit`.
    runner: str = ""
    # The digest by which a remote cache knows it; empty where none may keep it.
    key: str = ""
    # Digests of what it read, by path: files, and links by where they point to.
    inputs: Mapping[str, str] = _NOTHING
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = _NOTHING
    # The outputs that it promised; their first names it among the spawns of its target.
    promised: Sequence[str] = ()

    @property
    def package(self) -> str:
        """The package of the target, `go/store`; an external repository's begins with `@`."""
        repository, _, rest = self.label.rpartition("//")
        package = rest.partition(":")[0]
        return f"{repository}//{package}" if repository.strip("@") else package


def spawns(text: str) -> Iterator[Spawn]:
    """The spawns of a log. ValueError where it is none."""
    return map(_spawn, _decoded(text))


def read(lines: Iterable[str]) -> Iterator[Spawn]:
    """The spawns of a log, of which only one is held at a time. ValueError where it is none."""
    return map(_spawn, entries(lines))


def entries(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """What Bazel tells of each spawn of a log: SpawnExec as JSON. ValueError where it is none."""
    entry: list[str] = []
    for line in lines:
        # Bazel indents: only where an entry ends does a line begin with a brace, and the next may begin there too.
        if line.startswith("}"):
            yield from _decoded("".join(entry) + "}")
            entry = [line[1:]]
        else:
            entry.append(line)
    yield from _decoded("".join(entry))


def _decoded(text: str) -> Iterator[Mapping[str, Any]]:
    decoder = json.JSONDecoder()
    position = 0
    while (position := _skip_space(text, position)) < len(text):
        entry, position = decoder.raw_decode(text, position)
        yield entry


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _spawn(entry: Mapping[str, Any]) -> Spawn:
    return Spawn(
        entry.get("targetLabel", ""),
        entry.get("mnemonic", ""),
        _digests(entry.get("actualOutputs", ())),
        runner=entry.get("runner", ""),
        key=entry.get("digest", {}).get("hash", "") if entry.get("remoteCacheable") else "",
        inputs=_digests(entry.get("inputs", ()), links=True),
        arguments=tuple(entry.get("commandArgs", ())),
        environment={
            variable["name"]: variable.get("value", "")
            for variable in entry.get("environmentVariables", ())
        },
        promised=tuple(sorted(entry.get("listedOutputs", ()))),
    )


def _digests(files: Iterable[Mapping[str, Any]], *, links: bool = False) -> Mapping[str, str]:
    found = {file["path"]: file["digest"]["hash"] for file in files if "digest" in file}
    if links:
        found |= {
            file["path"]: f"-> {file['symlinkTargetPath']}"
            for file in files
            if file.get("symlinkTargetPath")
        }
    return found
