"""`stock harness`: programs that are kept, to be found where there is no workspace."""

import subprocess
from pathlib import Path

import click

from soup.errors import StockError
from soup.installation import install, installations, remove
from soup.names import ALIASES, languages, unknown
from soup.output import json_option, print_json, print_table
from soup.programs import file_name, installed, label
from soup.settings import Settings, settings
from soup.workspace import Workspace, build, toolchains

_ROLES = ("server", "client")
# Seconds; the slowest runtime starts in one.
_DEADLINE = 60.0


@click.group()
def harness() -> None:
    """Build programs and keep them: stock-go and so on."""


@harness.command("build")
@click.argument("names", metavar="[stock-LANGUAGE]...", nargs=-1)
@click.option(
    "--force-rebuild",
    is_flag=True,
    help="Install anew, also what has not changed. (Bazel builds what has changed, always.)",
)
@click.pass_context
def build_command(ctx: click.Context, names: tuple[str, ...], force_rebuild: bool) -> None:
    """Build and install the programs of languages, of all whose toolchain is here if none is named.

    Exit codes: 0 done, 2 a wrong name or folder, 4 the build failed.
    """
    found = settings(ctx)
    workspace = found.the_workspace("stock harness build")
    chosen = [language_of(name) for name in names] or _buildable(found, workspace)
    build(workspace, [label(one, role) for one in chosen for role in _ROLES], found.environ)
    for language in chosen:
        target = installed(found, language)
        new = install(workspace.built(language, ""), target, force_rebuild)
        for role in _ROLES:
            _try(target / file_name(role), found)
        click.echo(f"stock-{language}: {'installed in' if new else 'unchanged in'} {target}")


@harness.command("list")
@json_option
@click.pass_context
def list_harnesses(ctx: click.Context, as_json: bool) -> None:
    """List what there could be, and what is installed."""
    found = settings(ctx)
    folders = {one.language: one for one in installations(found.harness)}
    listed = [(language, folders.get(language)) for language in languages()]
    if as_json:
        print_json(
            [
                {
                    "name": f"stock-{language}",
                    "folder": str(one.folder) if one else None,
                    "bytes": one.size if one else None,
                }
                for language, one in listed
            ]
        )
        return
    rows = (
        (
            f"stock-{language}",
            f"{one.size / 1e6:.1f} MB" if one else "",
            str(one.folder if one else "not installed"),
        )
        for language, one in listed
    )
    print_table(("name", "size", "folder"), rows)


@harness.command("clean")
@click.argument("names", metavar="[stock-LANGUAGE]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that is installed.")
@click.pass_context
def clean(ctx: click.Context, names: tuple[str, ...], everything: bool) -> None:
    """Remove what is installed."""
    found = settings(ctx)
    if bool(names) == everything:
        raise click.UsageError("Expected names, or --all.")
    chosen = [language_of(name) for name in names]
    chosen = chosen or [one.language for one in installations(found.harness)]
    for language in chosen:
        gone = remove(installed(found, language))
        click.echo(f"stock-{language}: {'removed' if gone else 'not installed'}")


def _try(program: Path, found: Settings) -> None:
    """StockError, and nothing installed, where a program does not run from where it was put."""
    argv = [str(program), "--version"]
    try:
        done = subprocess.run(
            argv, env=found.environ, capture_output=True, text=True, check=False, timeout=_DEADLINE
        )
        trouble = done.stderr.strip() if done.returncode else ""
    except (OSError, subprocess.SubprocessError) as error:
        trouble = str(error)
    if trouble:
        remove(program.parent)
        raise StockError(f"{program} does not run from there, and was removed: {trouble}")


def language_of(name: str) -> str:
    """The language that a user means by `stock-go`, or by `go`. StockError where there is none."""
    language = name.removeprefix("stock-")
    language = ALIASES.get(language, language)
    if language not in languages():
        raise StockError(unknown("harness", name, [f"stock-{one}" for one in languages()]))
    return language


def _buildable(found: Settings, workspace: Workspace) -> list[str]:
    told = toolchains(workspace, found.environ)
    for one in told:
        if one.missing:
            click.echo(f"stock-{one.language}: left out: {one.missing}", err=True)
    return [one.language for one in told if not one.missing]
