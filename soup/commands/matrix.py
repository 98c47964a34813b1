"""`stock matrix`: builds the runner and what it runs, and becomes it."""

import webbrowser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import click

from soup.config import ROLES, RUNNER
from soup.errors import StockError
from soup.launch import become, run
from soup.names import ALIASES, languages, unknown
from soup.passing import PassingCommand
from soup.settings import Settings, cache, settings
from soup.workspace import build

_GLOB: Final = frozenset("*?[")

_HELP: Final = """\
Proves every client against every server; of one pair, only that pair is built.

\b
Flags that go to the runner, each of the first five may be repeated:
  --case GLOB --suite GLOB     only such cases, or files of cases
  --security GLOB              plaintext, tls, mtls
  --key-type GLOB              rsa2048, rsa4096, p256, p384, p521
  -k TEXT                      only permutations whose name contains TEXT
  --profile P                  quick, standard, full
  --dry-run                    print the plan and end
  --seed N                     of the cases' random choices
  --require all                an implementation that cannot run is a failure

\b
Exit codes: 0 all passed, 1 something failed, 2 nothing could be run, 4 the build failed.
"""


@click.command(
    cls=PassingCommand,
    help=_HELP,
    short_help="Every client against every server.",
    passed="[RUNNER FLAGS]...",
)
@click.option("--client", "clients", multiple=True, metavar="GLOB", help="Only such clients.")
@click.option("--server", "servers", multiple=True, metavar="GLOB", help="Only such servers.")
@click.option("--quick", is_flag=True, help="The core cases: --profile quick.")
@click.option(
    "--implementation",
    "implementations",
    multiple=True,
    metavar="NAME=SERVER,CLIENT",
    help="One of your own: paths of its programs, either may be empty. Those of soup.toml have part anyway.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the reports to a folder.",
)
@click.option("--open", "shown", is_flag=True, help="Show the page of the run in the browser.")
@click.pass_context
def matrix(  # noqa: PLR0913, PLR0917 - click passes each option
    ctx: click.Context,
    clients: tuple[str, ...],
    servers: tuple[str, ...],
    quick: bool,
    implementations: tuple[str, ...],
    report: Path | None,
    shown: bool,
) -> None:
    """See _HELP."""
    found = settings(ctx)
    workspace = found.the_workspace("stock matrix")
    if shown and report is None:
        report = cache(found.environ) / "report"
    own = [*_own(found, implementations)]
    ends = (
        [_known(found, own, name) for name in clients],
        [_known(found, own, name) for name in servers],
    )
    target = _target(*ends)
    if target != _ALL:
        # Nobody else has part.
        own = [one for one in own if _name(one) in {*ends[0], *ends[1]}]
    argv = [str(workspace.built("conformance", target.name)), f"--manifest={target.manifest}"]
    for end, names in zip(("client", "server"), ends, strict=True):
        argv += [f"--{end}={name}" for name in names]
    argv += [f"--implementation={one}" for one in own]
    argv += ["--profile=quick"] if quick else []
    argv += [f"--report={report}"] if report else []
    build(workspace, [f"//conformance:{target.name}"], found.environ)
    if not shown or report is None:
        become([*argv, *ctx.args], found.environ)
    code = run([*argv, *ctx.args], found.environ)
    _show(report / "report.html")
    ctx.exit(code)


class _Target(NamedTuple):
    """A program that runs a matrix, and the list of who has part in it."""

    name: str
    manifest: str


_ALL: Final = _Target("matrix", "_main/conformance/manifest.json")


def _target(clients: list[str], servers: list[str]) -> _Target:
    """What runs all that is asked for and builds least: of two languages, their own target."""
    names = (*clients, *servers)
    # In this order, a pair's target is that of client and server.
    ours = [name for name in dict.fromkeys(names) if name in languages()] or ["python"]
    if not clients or not servers or len(ours) > 2 or any(_is_glob(name) for name in names):
        return _ALL
    pair = f"{ours[0]}_{ours[-1]}"
    return _Target(pair, f"_main/conformance/{pair}_manifest.json")


def _is_glob(name: str) -> bool:
    return bool(_GLOB & {*name})


def _known(found: Settings, own: Iterable[str], name: str) -> str:
    """The name that is meant, or a glob. StockError where there is no such name."""
    name = ALIASES.get(name, name)
    known = {*found.names, *map(_name, own), RUNNER}
    if not _is_glob(name) and name not in known:
        raise StockError(unknown("language", name, known))
    return name


def _own(found: Settings, implementations: tuple[str, ...]) -> Iterator[str]:
    """Implementations of a user's own, as the runner takes them; a flag takes soup.toml's place."""
    given = {one.partition("=")[0] for one in implementations}
    for name in found.config.names:
        if name in given:
            continue
        values = [found.config.programs.get((name, role)) for role in ROLES]
        for value in values:
            if value and "," in value.text:
                raise StockError(f"{value.where}: the runner takes no path with a comma")
        yield f"{name}={','.join(value.text if value else '' for value in values)}"
    yield from implementations


def _name(implementation: str) -> str:
    """Whom a text is of: `NAME=SERVER,CLIENT`, `NAME.server-arg=ARG` and the like."""
    return implementation.partition("=")[0].partition(".")[0]


def _show(page: Path) -> None:
    page = page.absolute()
    if not page.exists():
        click.echo(f"stock: the run has left no {page}", err=True)
    elif not webbrowser.open(page.as_uri()):
        click.echo(f"stock: no browser could be opened: {page}", err=True)
