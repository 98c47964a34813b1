"""Reads Bazel's execution log (`--execution_log_json_file`): what was run, for which target, and what it made.

Source: Bazel's spawn.proto, SpawnExec.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Spawn(NamedTuple):
    """One command of one action, run or taken from a cache."""

    label: str
    mnemonic: str
    # Digests of the files it made, by their paths in the execution root.
    outputs: Mapping[str, str]

    @property
    def package(self) -> str:
        """The package of the target, `go/store`; an external repository's begins with `@`."""
        repository, _, rest = self.label.rpartition("//")
        package = rest.partition(":")[0]
        return f"{repository}//{package}" if repository.strip("@") else package


def spawns(text: str) -> Iterator[Spawn]:
    """The spawns of a log. ValueError where it is none."""
    decoder = json.JSONDecoder()
    position = 0
    while (position := _skip_space(text, position)) < len(text):
        entry, position = decoder.raw_decode(text, position)
        yield _spawn(entry)


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _spawn(entry: Mapping[str, Any]) -> Spawn:
    outputs = {
        output["path"]: output["digest"]["hash"]
        for output in entry.get("actualOutputs", ())
        if "digest" in output
    }
    return Spawn(entry.get("targetLabel", ""), entry.get("mnemonic", ""), outputs)
