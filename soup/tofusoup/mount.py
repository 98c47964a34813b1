"""Adds Stock to a TofuSoup as it is installed: the command `soup stock`, the suite `soup test stock`.

TofuSoup 0.8.2 has no point where others' commands could come in by themselves: no entry points, and nothing
in `soup.toml`. What it has are a click group, which takes commands as any does and as it takes some itself,
and a table of suites, which is read when `soup test` is. So this is a `soup` of our own over theirs: it fills
in both, changes nothing else, and hands over.
"""

from pathlib import Path
from typing import Final

import click

SUITE: Final = Path(__file__).with_name("suite")
"""The folder of the suite, which TofuSoup runs with pytest in a process of its own."""


def mount(main: click.Group, suites: dict[str, dict[str, object]], stock: click.Command) -> None:
    """Adds a command to TofuSoup's main group, and the suite to its table.

    ValueError where TofuSoup has something of the name itself: then it is another version, and this is no longer
    needed or no longer right.
    """
    known = main.list_commands(click.Context(main))
    if "stock" in known or "stock" in suites:
        raise ValueError("TofuSoup has a `stock` of its own")
    main.add_command(stock, "stock")
    suites["stock"] = {
        # Any folder will do: TofuSoup joins it to that of the project.
        "path": str(SUITE),
        "description": "Stock matrix, every client against every server",
        "required_harnesses": [],
    }
