"""Calls the command in this process, for tests."""

from click.testing import CliRunner, Result

from soup.cli import stock


class Became(Exception):
    """Instead of becoming a program, with its command line."""


def call(*argv: str) -> Result:
    """What a call comes to."""
    return CliRunner().invoke(stock, argv, prog_name="stock")


def started(*argv: str) -> list[str]:
    """The command line of the program that a call becomes."""
    result = call(*argv)
    assert isinstance(result.exception, Became), result.output
    (line,) = result.exception.args
    return [*line]


def refused(*argv: str, code: int = 2) -> str:
    """What a call that is wrong says."""
    result = call(*argv)
    assert isinstance(result.exception, SystemExit), result.output
    assert result.exit_code == code
    return result.stderr
