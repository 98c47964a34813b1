"""How the command fails: one line of reason and an exit code, never a traceback."""

from pathlib import Path
from typing import IO, Any, Final

import click

# As the programs have it.
INTERRUPTED: Final = 130


class StockError(click.ClickException):
    """Ends the command with a line on standard error; click does the rest, whoever has mounted us.

    It is what a user can put right: wrong usage, or files that cannot be used.
    """

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Prints the reason."""
        click.echo(f"stock: error: {self.message}", file=file, err=file is None)


class BazelError(StockError):
    """Bazel could not do what it was asked for; the text is what it said."""

    exit_code = 4


def unusable(error: OSError, path: Path | str | None = None) -> StockError:
    """What the system says of a file, as one line."""
    return StockError(f"{path or error.filename or 'system'}: {error.strerror or error}")
