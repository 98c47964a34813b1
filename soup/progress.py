"""Shows on standard error that something takes its time: a bar on a terminal, a line anywhere else."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Protocol

import click


class Progress(Protocol):
    """Shows how far it is."""

    def step(self, done: int, total: int) -> None:
        """Takes in how much is done of how much."""


class _Silent:
    def step(self, done: int, total: int) -> None:
        """A line was enough."""


@contextlib.contextmanager
def progress(what: str, line: bool = True) -> Iterator[Progress]:
    """Shows `what` while it lasts; without a terminal only where it is worth a line."""
    if not sys.stderr.isatty():
        if line:
            click.echo(f"stock: {what}", err=True)
        yield _Silent()
        return
    with _bar(what) as shown:
        yield shown


@contextlib.contextmanager
def _bar(what: str) -> Iterator[Progress]:
    # A tenth of a second that commands without a terminal can do without.
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.SpinnerColumn(),
        rich.TextColumn("{task.description}", markup=False),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TimeElapsedColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        class Shown:
            def step(self, done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

        yield Shown()
