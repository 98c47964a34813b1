"""`stock list`: which implementations there are, and which of them can be run here."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import click

from soup.output import json_option, print_json, print_table
from soup.probe import FAMILIES, Answer, ask
from soup.programs import Found, present
from soup.progress import progress
from soup.settings import Settings, settings

# As many at once as start in good time on a small machine.
_AT_ONCE = 4


class Listed(NamedTuple):
    """One implementation."""

    name: str
    server: Found | None
    client: Found | None
    answer: Answer

    @property
    def state(self) -> str:
        """Which of its programs are there."""
        have = [role for role in ("server", "client") if getattr(self, role)]
        return {2: "built", 1: f"{have[0]} only" if have else "", 0: "not built"}[len(have)]


@click.command("list", short_help="Which languages there are, and which are built.")
@json_option
@click.pass_context
def list_command(ctx: click.Context, as_json: bool) -> None:
    """List the languages, which of them are built, and what they say they are made of.

    Programs that are there are asked; none is built for it.
    """
    listed = _list(settings(ctx))
    if as_json:
        print_json([_document(one) for one in listed])
        return
    heads = ("language", "state", "version", *(name.replace("_", " ") for name in FAMILIES))
    print_table(heads, map(_row, listed))
    for one in listed:
        if one.answer.trouble:
            click.echo(f"stock: {one.name}: {one.answer.trouble}", err=True)


def _list(found: Settings) -> list[Listed]:
    programs = [
        (name, present(found, name, "server"), present(found, name, "client"))
        for name in found.names
    ]
    # A server can be asked by anybody's client.
    some = next((client for _, _, client in programs if client), None)

    def answer(server: Found | None, client: Found | None) -> Answer:
        by = (client or some) if server else client
        return ask(server and server.path, by and by.path, found.environ)

    pool = ThreadPoolExecutor(_AT_ONCE)
    with progress("asking programs what they are", line=False) as shown, pool:
        listed = []
        asked = [pool.submit(answer, server, client) for _, server, client in programs]
        for (name, server, client), future in zip(programs, asked, strict=True):
            listed.append(Listed(name, server, client, future.result()))
            shown.step(len(listed), len(programs))
    return listed


def _row(one: Listed) -> tuple[str, ...]:
    answer = one.answer
    return (
        one.name,
        "trouble" if answer.trouble else one.state,
        answer.version,
        *(answer.families.get(name, "") for name in FAMILIES),
    )


def _document(one: Listed) -> dict[str, Any]:
    programs = {
        role: {"path": str(found.path), "source": found.source} if found else None
        for role, found in (("server", one.server), ("client", one.client))
    }
    answer = one.answer
    return {
        "language": one.name,
        "state": one.state,
        "version": answer.version or None,
        **{name: answer.families.get(name) or None for name in FAMILIES},
        **programs,
        "trouble": answer.trouble or None,
    }
