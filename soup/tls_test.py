"""What --tls-mode becomes for the programs."""

from pathlib import Path

import pytest

from soup.auto_tls import AutoRun
from soup.config import Config
from soup.errors import StockError
from soup.settings import Settings
from soup.tls import client_flags, refuse_files, server_flags

_SETTINGS = Settings(Config(), None, {"HOME": "/nowhere"}, Path("/"))


def flags(mode: str | None, *arguments: str) -> list[str]:
    return client_flags(_SETTINGS, mode, None, arguments)


@pytest.mark.parametrize(
    ("mode", "arguments", "expected"),
    [
        (None, "--tls", []),
        ("none", "k", []),
        ("disabled", "-- --tls", []),
        ("tls", "k", ["--tls"]),
        ("server", "k --tls", ["--tls"]),
        ("manual", "--cert-file=c --key-file k", ["--tls"]),
        ("mtls", "--cert-file c --key-file k", ["--tls"]),
    ],
)
def test_modes_that_the_client_knows(mode: str | None, arguments: str, expected: list[str]) -> None:
    assert flags(mode, *arguments.split()) == expected


@pytest.mark.parametrize(
    ("mode", "arguments", "message"),
    [
        ("none", "--tls", "--tls contradicts --tls-mode none"),
        ("mtls", "k", "--tls-mode mtls needs --cert-file and --key-file"),
        ("mtls", "-- --cert-file", "--tls-mode mtls needs --cert-file and --key-file"),
        ("auto", "--key-file=k", "--key-file contradicts --tls-mode auto"),
        ("auto", "k", "--tls-mode auto needs one server of that mode (none runs)"),
    ],
)
def test_what_contradicts_a_mode_is_named(mode: str, arguments: str, message: str) -> None:
    with pytest.raises(StockError) as caught:
        flags(mode, *arguments.split())
    assert caught.value.message.startswith(message)


def test_a_file_of_auto_needs_auto() -> None:
    with pytest.raises(StockError, match="--ca-out goes with --tls-mode auto"):
        client_flags(_SETTINGS, "tls", Path("ca.pem"), ())


def test_a_server_of_auto_asks_for_certificates() -> None:
    flags = server_flags(AutoRun(Path("/run")))
    assert flags[0] == "--tls-mode=mtls"
    assert "--client-ca-file=/run/ca.pem" in flags
    with pytest.raises(StockError, match="--client-ca-file contradicts --tls-mode auto"):
        refuse_files(["--client-ca-file=x"])
