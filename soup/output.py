"""Prints what is data: as JSON where that is asked for, else as a table."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print data, for programs.")


def print_json(data: Any) -> None:
    """Prints a document."""
    click.echo(json.dumps(data, indent=2))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table: with lines and colours on a terminal, columns anywhere else."""
    found = [[*map(str, row)] for row in rows]
    if sys.stdout.isatty():
        _print_rich(heads, found)
        return
    widths = [max(map(len, column)) for column in zip(heads, *found, strict=True)]
    for row in (heads, *found):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _print_rich(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)
