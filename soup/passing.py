"""A click command that takes its own options and passes everything else on, byte by byte.

click's own way for that (`ignore_unknown_options`) swallows the `--` that a program needs to tell a
key from a flag, and takes single dashes apart.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import click


class PassingCommand(click.Command):
    """Its own options may stand anywhere before `--`; its arguments stand before what is passed on.

    The callback finds what is passed on in `ctx.args`.
    """

    def __init__(self, *args: Any, passed: str = "[ARGUMENTS]...", **kwargs: Any) -> None:
        """`passed` is how the usage calls what is passed on."""
        super().__init__(*args, **kwargs)
        self._passed = passed

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Splits the line, and has click read what is ours."""
        flags = {
            flag: not isinstance(option, click.Option) or not option.is_flag
            for option in self.get_params(ctx)
            for flag in option.opts
            if not isinstance(option, click.Argument)
        }
        arguments = sum(isinstance(option, click.Argument) for option in self.get_params(ctx))
        own, passed = split(args, flags, arguments)
        super().parse_args(ctx, own)
        ctx.args = passed
        return passed

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What stands behind the name of the command in the usage."""
        return [*super().collect_usage_pieces(ctx), self._passed]


def split(
    args: Iterable[str], flags: dict[str, bool], arguments: int
) -> tuple[list[str], list[str]]:
    """What is ours of a command line, and what is passed on.

    `flags` are our options, and whether they take a value; `arguments` is how many arguments we take.
    """
    own: list[str] = []
    positional: list[str] = []
    passed: list[str] = []
    tokens = iter(args)
    for token in tokens:
        name, equals, _ = token.partition("=")
        if token == "--":
            passed += [token, *tokens]
        elif name in flags:
            own += [token, *islice(tokens, int(flags[name] and not equals))]
        elif len(positional) < arguments and not passed and not token.startswith("--"):
            positional.append(token)
        else:
            passed.append(token)
    return [*positional, *own], passed
