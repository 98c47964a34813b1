"""`stock completion`: scripts that teach a shell our commands."""

from typing import Final

import click
from click.shell_completion import get_completion_class

_HELP: Final = """\
Print the script for SHELL, for the `stock` of an installed wheel.

\b
bash  stock completion bash > ~/.local/share/bash-completion/completions/stock
zsh   stock completion zsh > "${fpath[1]}/_stock"
fish  stock completion fish > ~/.config/fish/completions/stock.fish
"""


@click.command(help=_HELP, short_help="Completion for your shell.")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """See _HELP."""
    script = get_completion_class(shell)
    assert script is not None
    group = ctx.find_root().command
    click.echo(script(group, {}, "stock", "_STOCK_COMPLETE").source())
