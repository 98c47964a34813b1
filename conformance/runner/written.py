"""What the pages that are made from runs of the matrix share: known failures, and where a page is written."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from runfiles import Runfiles

from conformance.runner.known_failing import Entry, read
from conformance.runner.manifest import ManifestError
from conformance.runner.run import read_manifest

_MANIFEST = "_main/conformance/manifest.json"


class PageError(ValueError):
    """The results do not make a page; the text says what lacks."""


class Matrix(NamedTuple):
    """What the tree says of the matrix, whatever was run."""

    languages: tuple[str, ...]
    # The known failures of all languages that can be built here.
    known: tuple[Entry, ...]


def matrix() -> Matrix:
    """The matrix of the manifest among our runfiles."""
    found, _ = read_manifest(_MANIFEST)
    known = tuple(
        entry
        for one in found.implementations
        if one.known_failing is not None
        for entry in read(one.language, one.known_failing)
    )
    return Matrix(found.languages, known)


def introduction(name: str) -> str:
    """The text of a page's beginning, a file of this folder."""
    runfiles = Runfiles.Create()
    located = runfiles.Rlocation(f"_main/conformance/runner/{name}") if runfiles else None
    if located is None:
        raise PageError(f"no file {name} among the runfiles")
    return Path(located).read_text("utf-8")


def write(
    page: str, argv: Sequence[str], environ: Mapping[str, str], make: Callable[[list[Path]], str]
) -> int:
    """Writes what is made of results into the workspace that Bazel was started in.

    The arguments are files, relative to where Bazel was called. 1, with the reason and without the
    page, where they do not make one; 2 without arguments.
    """
    if not argv:
        print(f"no results given: {page} is made from RESULTS.json", file=sys.stderr)
        return 2
    start = Path(environ["BUILD_WORKING_DIRECTORY"])
    try:
        text = make([start / path for path in argv])
    except (PageError, ManifestError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    target = Path(environ["BUILD_WORKSPACE_DIRECTORY"], page)
    target.write_text(text, encoding="utf-8")
    return 0
