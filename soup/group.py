"""The click group: languages are commands too, and wrong names get an answer that helps."""

import os
from collections.abc import Callable
from typing import Any

import click

from soup.config import COMMANDS
from soup.errors import INTERRUPTED, StockError, unusable
from soup.names import ALIASES, languages, unknown
from soup.settings import settings


class StockGroup(click.Group):
    """`stock COMMAND` and `stock LANGUAGE server|client`."""

    def __init__(
        self, *args: Any, language_group: Callable[[str], click.Group], **kwargs: Any
    ) -> None:
        """`language_group` makes the commands of one language."""
        super().__init__(*args, **kwargs)
        self._language_group = language_group

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, or the commands of a language."""
        if found := super().get_command(ctx, cmd_name):
            return found
        name = ALIASES.get(cmd_name, cmd_name)
        if name in _names(ctx):
            return self._language_group(name)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called. StockError names what there is, where there is none."""
        name = args[0]
        asked = not ctx.resilient_parsing and not name.startswith("-")
        if asked and self.get_command(ctx, name) is None:
            known = {*COMMANDS, *settings(ctx).names}
            raise StockError(unknown("command or language", name, known))
        return super().resolve_command(ctx, args)

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Commands, and languages that begin so."""
        found = super().shell_complete(ctx, incomplete)
        item = click.shell_completion.CompletionItem
        return [*found, *(item(name) for name in _names(ctx) if name.startswith(incomplete))]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands in groups, and the languages."""
        super().format_commands(ctx, formatter)
        with formatter.section("Languages (stock LANGUAGE server, stock LANGUAGE client)"):
            formatter.write_text(", ".join(languages()))

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what the system refuses, or a Control-C, ends it without a traceback."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Who reads us has enough; the interpreter must not complain of it when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            ctx.exit(1)
        except OSError as error:
            raise unusable(error) from None
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


class LanguageType(click.ParamType[str]):
    """The name of an implementation."""

    name = "language"

    def convert(self, value: str, _param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name that is meant. StockError with what there is, where there is none."""
        return settings(ctx or click.get_current_context()).known(value)

    def shell_complete(
        self, ctx: click.Context, _param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Languages that begin so."""
        item = click.shell_completion.CompletionItem
        return [item(name) for name in _names(ctx) if name.startswith(incomplete)]


def _names(ctx: click.Context) -> tuple[str, ...]:
    """Every implementation; while a line is being completed no wrong soup.toml stands in the way."""
    try:
        return settings(ctx).names
    except StockError:
        if ctx.resilient_parsing:
            return languages()
        raise
