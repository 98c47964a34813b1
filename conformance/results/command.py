"""The `report` command: what changed between two runs, and the page of one."""

import argparse
import json
import sys
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from conformance.results.diff import compare, describe, to_json
from conformance.results.html import page
from conformance.results.reader import ResultsError, read

# Opens an address for a person; whether that could be done.
Opener = Callable[[str], bool]


def main(
    argv: Sequence[str],
    environ: Mapping[str, str],
    out: TextIO,
    opener: Opener = webbrowser.open,
) -> int:
    """Runs a subcommand. 0: done; 1: something got worse; 2: a file cannot be read or written.

    Relative paths are relative to where Bazel was called, if it was.
    """
    given = _parser().parse_args(argv)
    here = Path(environ.get("BUILD_WORKING_DIRECTORY", "."))
    try:
        if given.command == "diff":
            return _diff(here / given.before, here / given.after, given.json, out)
        return _html(here / given.results, given.open, opener, out)
    except ResultsError as error:
        print(f"report: {error}", file=sys.stderr)
    except OSError as error:
        print(f"report: {error.filename}: {error.strerror}", file=sys.stderr)
    return 2


def _diff(before: Path, after: Path, as_json: bool, out: TextIO) -> int:
    diff = compare(read(before), read(after))
    if as_json:
        json.dump(to_json(diff), out, indent=1)
        print(file=out)
    else:
        print("\n".join(describe(diff)), file=out)
    return 1 if diff.worse else 0


def _html(results: Path, shown: bool, opener: Opener, out: TextIO) -> int:
    folder = results if results.is_dir() else results.parent
    file = (folder / "report.html").absolute()
    file.write_text(page(read(results)), "utf-8", "backslashreplace")
    print(file, file=out)
    if shown and not opener(file.as_uri()):
        print("report: no browser could be opened", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="report", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    what = "a results.json, or a folder that has one"
    diff = commands.add_parser("diff", help="what changed from run A to run B; 1 if it got worse")
    diff.add_argument("before", metavar="A", type=Path, help=what)
    diff.add_argument("after", metavar="B", type=Path, help=what)
    diff.add_argument("--json", action="store_true", help="print the diff as data")
    html = commands.add_parser("html", help="write report.html beside a results.json")
    html.add_argument("results", metavar="RESULTS", type=Path, help=what)
    html.add_argument("--open", action="store_true", help="open it in the browser")
    return parser
