"""`stock harness layout`: programs where TofuSoup's own `stock` commands look for them."""

from importlib.util import find_spec
from pathlib import Path

import click

from soup.commands.harness import language_of
from soup.errors import StockError
from soup.names import languages
from soup.programs import present, program
from soup.settings import Settings, settings
from soup.tofusoup_layout import Programs, direct_folder, lay_out


@click.command()
@click.argument("names", metavar="[stock-LANGUAGE]...", nargs=-1)
@click.option(
    "--tofusoup",
    "package",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="TofuSoup's package, as it is imported; that of the soup we are mounted in, if we are.",
)
@click.pass_context
def layout(ctx: click.Context, names: tuple[str, ...], package: Path | None) -> None:
    """Put programs where `tofusoup.rpc.stock_cli` looks for them, and renew what was put there.

    They stay where they are, built or installed; what is named is built where that is needed, and without a
    name it is all that is there.

    Exit codes: 0 done, 2 a wrong name or folder, 4 the build failed.
    """
    found = settings(ctx)
    chosen = {one: _programs(found, one) for one in map(language_of, names)} or _all_present(found)
    if not chosen:
        raise StockError("no program is built or installed: name languages, and they are built")
    for path in lay_out(direct_folder(_package(found, package)), chosen):
        click.echo(path)


def _programs(found: Settings, language: str) -> Programs:
    return Programs(*(program(found, language, role).path for role in Programs._fields))


def _all_present(found: Settings) -> dict[str, Programs]:
    every = {one: [present(found, one, role) for role in Programs._fields] for one in languages()}
    return {
        one: Programs(server.path, client.path)
        for one, (server, client) in every.items()
        if server and client
    }


def _package(found: Settings, named: Path | None) -> Path:
    if named is None:
        # Where it can be imported from, without importing it.
        spec = find_spec("tofusoup")
        places = spec.submodule_search_locations if spec else None
        if not places:
            raise StockError("there is no TofuSoup here: name its package's folder by --tofusoup")
        return Path(places[0])
    folder = found.cwd / named
    if not (folder / "__init__.py").is_file():
        raise StockError(f"--tofusoup: {folder}: no package, expected an __init__.py in it")
    return folder
