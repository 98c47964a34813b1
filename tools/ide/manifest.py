"""What all languages have for editors: the list that a rule writes, and where its files are."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from runfiles import Runfiles


class Manifest(NamedTuple):
    """The list; each dict's keys are places, paths from the workspace's root."""

    copied: Mapping[str, Path]
    # To what stands there; `@WORKSPACE@` and `@OUTPUT_BASE@` are not filled in.
    texts: Mapping[str, str]
    links: Mapping[str, str]
    unpacked: Mapping[str, Path]
    # Of Visual Studio Code.
    settings: Mapping[str, Any]
    # Why a language has nothing, by language.
    missing: Mapping[str, str]
    # Bazel's folder, which has the third-party code.
    output_base: Path


def load(path: str) -> Manifest:
    """Reads the list at a runfiles path."""
    file = _runfile(path)
    data = json.loads(file.read_text("utf-8"))
    return Manifest(
        copied={place: _runfile(source) for place, source in data["copied"].items()},
        texts={place: _runfile(text).read_text("utf-8") for place, text in data["texts"].items()},
        links=data["links"],
        unpacked={place: _runfile(archive) for place, archive in data["unpacked"].items()},
        settings=data["settings"],
        missing=data["missing"],
        output_base=_output_base(file),
    )


def _runfile(path: str) -> Path:
    found = Runfiles.Create()
    located = found.Rlocation(path) if found else None
    if located is None:
        raise FileNotFoundError(f"{path}: not among the runfiles")
    return Path(located)


def _output_base(file: Path) -> Path:
    """The folder above `execroot`, which what Bazel has made stands in."""
    real = file.resolve()
    for parent in real.parents:
        if parent.name == "execroot":
            return parent.parent
    raise FileNotFoundError(f"{real}: not in a folder of Bazel's")
