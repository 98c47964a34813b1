"""`stock report`: what //conformance:report does."""

import os
import sys
from pathlib import Path
from typing import Final

import click

_RUN: Final = click.Path(path_type=Path)


@click.group()
def report() -> None:
    """The page of a run, and what changed between two."""


@report.command("html")
@click.argument("results", type=_RUN)
@click.option("--open", "shown", is_flag=True, help="Show it in the browser.")
@click.pass_context
def html(ctx: click.Context, results: Path, shown: bool) -> None:
    """Write report.html beside RESULTS, a results.json or a folder that has one.

    Exit codes: 0 done, 2 a file cannot be read or written, or there is no browser.
    """
    ctx.exit(_report("html", *(["--open"] if shown else []), "--", str(results)))


@report.command("diff")
@click.argument("before", type=_RUN)
@click.argument("after", type=_RUN)
@click.option("--json", "as_json", is_flag=True, help="Print the difference as data.")
@click.pass_context
def diff(ctx: click.Context, before: Path, after: Path, as_json: bool) -> None:
    """Tell what changed from run BEFORE to run AFTER, each a results.json or its folder.

    Exit codes: 0 nothing got worse, 1 something did, 2 a file cannot be read.
    """
    ctx.exit(_report("diff", *(["--json"] if as_json else []), "--", str(before), str(after)))


def _report(*argv: str) -> int:
    from conformance.results.command import main

    # We are in the user's folder already.
    return main(argv, {**os.environ, "BUILD_WORKING_DIRECTORY": "."}, sys.stdout)
