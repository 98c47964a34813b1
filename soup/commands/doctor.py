"""`stock doctor`: what is missing on this machine to build each language."""

import click

from soup.output import json_option, print_json, print_table
from soup.settings import settings
from soup.workspace import toolchains


@click.command(short_help="What is missing to build each language.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Tell what each language needs of this machine, what of it is missing, and what installs it.

    The rules themselves are asked, which look for their toolchains when a language is loaded. At
    first they also fetch what the language is built of, so that it is known to be there.

    Exit codes: 0 nothing is missing, 1 something is, 4 Bazel cannot be asked.
    """
    found = settings(ctx)
    told = toolchains(found.the_workspace("stock doctor"), found.environ)
    if as_json:
        print_json(
            [
                {
                    "language": one.language,
                    "ok": not one.missing,
                    "needs": [need.wanted for need in one.requires],
                }
                | ({"missing": one.missing, "install": one.install} if one.missing else {})
                for one in told
            ]
        )
    else:
        print_table(
            ("language", "needs", "state", "install"),
            [
                (
                    one.language,
                    ", ".join(need.wanted for need in one.requires),
                    one.missing.removesuffix(f": {one.install}") or "ok",
                    one.install,
                )
                for one in told
            ],
        )
    ctx.exit(1 if any(one.missing for one in told) else 0)
