"""The `stock` command: one click group, which TofuSoup can mount as `soup stock`.

It starts programs and imports neither protobuf nor gRPC nor anything generated, so that whoever mounts
it keeps their own.
"""

from pathlib import Path
from typing import Final, NoReturn

import click

from soup.commands.certs import certs
from soup.commands.completion import completion
from soup.commands.config import config
from soup.commands.doctor import doctor
from soup.commands.harness import harness
from soup.commands.layout import layout
from soup.commands.list import list_command
from soup.commands.matrix import matrix
from soup.commands.report import report
from soup.commands.run import client_command, language_group, operation_command, server_command
from soup.commands.test import test
from soup.group import StockGroup
from soup.names import OPERATIONS
from soup.settings import enter_callers_folder

_HELP: Final = """\
One gRPC service in many languages: run its servers and clients, and prove them together.

\b
stock server go                          serve on 127.0.0.1:50051
stock put colour blue                    with the client in Python
stock client rust get colour             with the client in Rust
stock matrix --client go --server rust   every case of one pair
stock doctor                             what is missing to build each language
"""


@click.group("stock", cls=StockGroup, language_group=language_group, help=_HELP)
@click.option(
    "--config-file",
    type=click.Path(path_type=Path),
    help="The soup.toml to read, instead of the one that is found.",
)
def stock(config_file: Path | None) -> None:
    """See _HELP."""


for command in (
    server_command(),
    client_command(),
    *map(operation_command, OPERATIONS),
    matrix,
    report,
    list_command,
    harness,
    test,
    certs,
    doctor,
    config,
    completion,
):
    stock.add_command(command)
harness.add_command(layout)


def main() -> NoReturn:
    """The console script."""
    enter_callers_folder()
    stock.main(prog_name="stock")
    raise AssertionError("click ends the process")
