"""What the pages that are made from runs of the matrix share: known failures, and where a page is written."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from runfiles import Runfiles

from conformance.runner.known_failing import Entry
from conformance.runner.manifest import ManifestError
from conformance.runner.options import MANIFEST
from conformance.runner.run import known_failures, read_manifest


class PageError(ValueError):
    """The results do not make a page; the text says what lacks."""


class Matrix(NamedTuple):
    """What the tree says of the matrix, whatever was run."""

    languages: tuple[str, ...]
    # The known failures of all languages that can be built here.
    known: tuple[Entry, ...]


def matrix() -> Matrix:
    """The matrix of the manifest among our runfiles."""
    found, _ = read_manifest(MANIFEST)
    return Matrix(found.languages, known_failures(found.implementations))


def introduction(name: str) -> str:
    """The text of a page's beginning, a file of this folder."""
    return located(f"conformance/runner/{name}").read_text("utf-8")


def located(path: str) -> Path:
    """A file of the tree among our runfiles. PageError where it is none of them."""
    runfiles = Runfiles.Create()
    found = runfiles.Rlocation(f"_main/{path}") if runfiles else None
    if found is None:
        raise PageError(f"no file {Path(path).name} among the runfiles")
    return Path(found)


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
