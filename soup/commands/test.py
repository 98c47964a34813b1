"""`stock test`: the tests of the project, by what they prove."""

import os
from typing import Final, NoReturn

import click

from soup.errors import StockError
from soup.launch import become
from soup.names import languages, unknown
from soup.passing import PassingCommand
from soup.settings import settings
from soup.workspace import Workspace

_ALL: Final = ("//conformance:matrix", "//conformance:life", "//conformance:mutants_test")

# What is no file of cases.
_TARGETS: Final = {
    "all": _ALL,
    "matrix": ("//conformance:matrix",),
    "quick": ("//conformance:quick",),
    "full": ("//conformance:full",),
    "life": ("//conformance:life",),
    "mutants": ("//conformance:mutants_test",),
}

_HELP: Final = """\
Runs tests by ./bazelw test, whose exit code it has.

\b
all       the matrix, the programs' life, the mutants that prove the cases
matrix    every client against every server; quick and full are other profiles
life      what each language's programs do by themselves
mutants   wrong peers, each of which the matrix must catch
LANGUAGE  one language's own tests, and it with itself
SUITE     one file of cases, in the whole matrix: unary, trade, tls, ...

What follows goes to Bazel: `stock test trade --test_arg=--client=go`.

\b
Exit codes: 0 passed, 3 a test failed, others as Bazel has them.
"""


@click.command(
    cls=PassingCommand, help=_HELP, short_help="Run the project's tests.", passed="[BAZEL FLAGS]..."
)
@click.argument("suite")
@click.pass_context
def test(ctx: click.Context, suite: str) -> NoReturn:
    """See _HELP."""
    found = settings(ctx)
    workspace = found.the_workspace("stock test")
    os.chdir(workspace.root)
    argv = [str(workspace.bazel), "test", *_arguments(workspace, suite), *ctx.args]
    become(argv, found.environ)


def _arguments(workspace: Workspace, suite: str) -> list[str]:
    if suite in _TARGETS:
        return [*_TARGETS[suite]]
    if suite in languages():
        return [f"//{suite}:all"]
    cases = {file.stem for file in (workspace.root / "conformance/stock/cases").glob("*.py")}
    if suite not in cases:
        raise StockError(unknown("suite", suite, {*_TARGETS, *languages(), *cases}))
    return ["//conformance:matrix", f"--test_arg=--suite={suite}"]
