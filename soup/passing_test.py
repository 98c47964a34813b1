"""What is ours of a command line, and what goes to the program as it was given."""

import click
import pytest
from click.testing import CliRunner

from soup.passing import PassingCommand, split

_FLAGS = {"--mode": True, "--help": False}


@pytest.mark.parametrize(
    ("line", "own", "passed"),
    [
        ("go --port 0", "go", "--port 0"),
        ("--mode tls go --port 0", "go --mode tls", "--port 0"),
        ("go k --port=0 --mode tls v", "go --mode tls", "k --port=0 v"),
        ("go k --mode=tls -5 -", "go --mode=tls", "k -5 -"),
        ("go -- --mode tls --", "go", "-- --mode tls --"),
        ("go -- --help", "go", "-- --help"),
        ("go k --help", "go --help", "k"),
        ("--port 0 go", "", "--port 0 go"),
        ("go --mode", "go --mode", ""),
    ],
)
def test_the_line_is_split(line: str, own: str, passed: str) -> None:
    assert split(line.split(), _FLAGS, 1) == (own.split(), passed.split())


def test_bytes_and_empty_arguments_stay() -> None:
    assert split(["", "\udcff", "a b", "--"], {}, 0) == ([], ["", "\udcff", "a b", "--"])


def test_the_callback_finds_what_is_passed_on() -> None:
    @click.command(cls=PassingCommand, passed="[THE REST]...")
    @click.argument("language")
    @click.option("--mode")
    @click.pass_context
    def command(ctx: click.Context, language: str, mode: str | None) -> None:
        click.echo(f"{language} {mode} {ctx.args}")

    run = CliRunner().invoke(command, ["go", "--port", "0", "--mode", "tls", "--", "--mode"])
    assert run.output == "go tls ['--port', '0', '--', '--mode']\n"
    run = CliRunner().invoke(command, ["go", "--mode"])
    assert run.exit_code == 2
    assert "Option '--mode' requires an argument" in run.output
    run = CliRunner().invoke(command, ["go", "--help"])
    assert "command [OPTIONS] LANGUAGE [THE REST]..." in run.output
