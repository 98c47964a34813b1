"""The command as a whole: help, wrong usage, completion, what it imports."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from soup.cli import stock
from soup.config import COMMANDS
from soup.fakes.calling import call, refused
from soup.names import languages

pytestmark = pytest.mark.usefixtures("alone")


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", [*commands(stock), ("go",), ("go", "server"), ("go", "client")])
def test_everything_has_help(path: tuple[str, ...]) -> None:
    result = call(*path, "--help")
    assert result.exit_code == 0
    assert result.output.startswith(" ".join(("Usage: stock", *path)))
    assert "See _HELP" not in result.output


def test_every_command_is_kept_from_being_a_language() -> None:
    assert {*stock.commands} == COMMANDS


def test_languages_stand_in_the_help() -> None:
    assert ", ".join(languages()) in call("--help").output


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("pyton server", "unknown command or language 'pyton': did you mean 'python'?"),
        ("serve go", "unknown command or language 'serve': did you mean 'server'?"),
        ("server pyton", "unknown language 'pyton': did you mean 'python'?"),
        ("server", "Missing argument 'LANGUAGE'"),
        ("server --port 0 go", "Missing argument 'LANGUAGE'"),
        ("go sever", "No such command 'sever'"),
        ("go client gte k", "unknown operation 'gte': did you mean 'get'?"),
        ("get k --client pyton", "unknown language 'pyton'"),
        ("get k --tls-mode tsl", "'tsl' is not one of 'none'"),
        ("get k --client go", "no client of go here, and none in "),
        ("server go --ca-out f", "--ca-out goes with --tls-mode auto"),
        ("matrix", "stock matrix needs a workspace: "),
        ("test all", "stock test needs a workspace: "),
        ("doctor", "stock doctor needs a workspace: "),
        ("harness build", "stock harness build needs a workspace: "),
        ("harness clean", "Expected names, or --all."),
        (
            "harness clean stock-pyton",
            "unknown harness 'stock-pyton': did you mean 'stock-python'?",
        ),
        ("certs make d --key-type p25", "'p25' is not one of"),
        ("report diff a b", "report: a: "),
        ("completion tcsh", "'tcsh' is not one of"),
        ("--config-file gone.toml list", "gone.toml: No such file or directory"),
    ],
)
def test_wrong_usage_is_named(line: str, message: str) -> None:
    assert message in refused(*line.split())


def test_a_soup_toml_that_is_wrong_stops_nothing_but_what_needs_it() -> None:
    Path("soup.toml").write_text("[stock]\nclinet = 'go'", "utf-8")
    assert call("--help").exit_code == 0
    assert "soup.toml:2: stock.clinet: unknown key 'clinet'" in refused("get", "k")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    assert "_STOCK_COMPLETE" in call("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("stock ser", {"server"}),
        ("stock py", {"python"}),
        ("stock server ru", {"ruby", "rust"}),
        ("stock client go de", {"delete"}),
        ("stock get k --tls-mode m", {"mtls", "manual"}),
        ("stock nothing of the kind", set()),
    ],
)
def test_completion(words: str, expected: set[str]) -> None:
    Path("soup.toml").write_text("[stock]\nclinet = 'wrong'", "utf-8")
    variables = {
        "_STOCK_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-c", "from soup.cli import main; main()"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    assert {line.partition(",")[2] for line in done.stdout.split()} == expected


_IMPORTS = """\
import sys
from click.testing import CliRunner
from soup.cli import stock
for line in ("--help", "list", "config show", "certs make certs", "report diff a b", "harness list", "get k"):
    CliRunner().invoke(stock, line.split())
print([name for name in sys.modules if name.partition(".")[0] in ("google", "grpc", "proto")])
"""


def test_nothing_of_the_protocol_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTS], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"


def test_a_command_that_is_stopped_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_ctx: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("soup.commands.list.settings", stop)
    result = call("list")
    assert (result.exit_code, result.output.strip()) == (130, "")
