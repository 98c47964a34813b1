"""`stock config`: what holds here, and where it was found."""

from typing import Any

import click

from soup.config import Value, candidates
from soup.output import json_option, print_json, print_table
from soup.programs import variable
from soup.settings import CLIENT_VARIABLE, HARNESS_VARIABLE, Settings, settings


@click.group()
def config() -> None:
    """The configuration."""


@config.command("show")
@json_option
@click.pass_context
def show(ctx: click.Context, as_json: bool) -> None:
    """Print what holds here: the soup.toml, the workspace, folders, programs that are named."""
    found = settings(ctx)
    document = _document(found)
    if as_json:
        print_json(document)
        return
    rows = [
        (key, str(document[key] or "none")) for key in ("file", "workspace", "client", "harness")
    ]
    rows += [(one["name"], f"{one['path']} ({one['source']})") for one in document["programs"]]
    print_table(("what", "value"), rows)
    if not document["file"]:
        click.echo(f"looked for {' and '.join(document['looked_for'])}")


def _document(found: Settings) -> dict[str, Any]:
    return {
        "file": _text(found.config.file),
        "looked_for": [str(path) for path in candidates(found.cwd)],
        "workspace": _text(found.workspace and found.workspace.root),
        "client": found.client,
        "client_source": _source(found, CLIENT_VARIABLE, found.config.client),
        "harness": str(found.harness),
        "harness_source": _source(found, HARNESS_VARIABLE, found.config.harness),
        "programs": _programs(found),
    }


def _programs(found: Settings) -> list[dict[str, str]]:
    programs = []
    for name in found.names:
        for role in ("server", "client"):
            if value := found.config.programs.get((name, role)):
                path, source = value.text, value.where
            elif path := found.environ.get(source := variable(name, role), ""):
                pass
            else:
                continue
            programs.append({"name": f"{name} {role}", "path": path, "source": source})
    return programs


def _source(found: Settings, variable_name: str, value: Value | None) -> str:
    if found.environ.get(variable_name):
        return variable_name
    return value.where if value else "default"


def _text(value: object) -> str | None:
    return str(value) if value else None
