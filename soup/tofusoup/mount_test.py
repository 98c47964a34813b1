"""Our `soup` over the published one: what it has, that both work in it, and what it must not import."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from conformance.life.programs import PATIENT, Ended, Implementation, serve
from soup.tofusoup.installed import Soup, apart, located, run
from soup.tofusoup.mount import mount
from soup.tofusoup_layout import PLACES

# Of a process that tells what it imports.
IMPORTED = re.compile(r"^import time: .*\| +(\S+)$", re.MULTILINE)

# Those of our protos, wherever they stand; TofuSoup has some for telemetry.
STUB = re.compile(r"(^|\.)(stock|kv|session)_pb2(_grpc)?$|^proto(\.|$)")


def mounted(folder: Path, of: Implementation, *words: str, flags: tuple[str, ...] = ()) -> Ended:
    """Runs our `soup` to its end, which finds a language's programs by its variables."""
    program = located(os.environ["TOFUSOUP_SOUP"])
    named = {
        f"STOCK_{of.language.upper()}_{role.upper()}": of.program(role)
        for role in ("server", "client")
    }
    line = [sys.executable, "-IS", *flags, str(program), *words]
    return run(line, apart(folder) | named, folder)


@pytest.fixture(scope="module")
def endpoint(of: Implementation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server listens."""
    with serve(of, tmp_path_factory.mktemp("server")) as (_, listening):
        yield listening


def commands(text: bytes) -> list[str]:
    """The commands of a help page."""
    _, _, listed = text.decode().partition("\nCommands:\n")
    return re.findall(r"^  (\w+)", listed, re.MULTILINE)


def test_it_has_one_command_more(of: Implementation, soup: Soup, tmp_path: Path) -> None:
    published = commands(soup.run("--help").out)
    assert "rpc" in published
    assert commands(mounted(tmp_path, of, "--help").out) == sorted([*published, "stock"])
    code, out, err = soup.run("stock")
    assert (code, out) == (2, b"")
    assert "No such command 'stock'" in err


def test_stock_and_kv_are_one_store(of: Implementation, endpoint: str, tmp_path: Path) -> None:
    at = ("--server", endpoint, PATIENT)
    put = mounted(tmp_path, of, "stock", "put", "colour", "blue", *at, "--client", of.language)
    assert put == (0, b"OK\n", "")
    got = mounted(tmp_path, of, "rpc", "kv", "get", "--address", endpoint, "colour")
    assert got == (0, b"blue\n", "")
    # The program's bytes and exit code, not those of a copy.
    missing = mounted(tmp_path, of, "stock", of.language, "client", "get", "none", *at)
    assert missing == (69, b"", "NOT_FOUND: key not found: none\n")


@pytest.mark.parametrize(
    "words",
    [["list"], ["get", "none"], ["certs", "make", "made"], ["matrix", "--help"]],
    ids=" ".join,
)
def test_it_imports_no_stub(
    of: Implementation, endpoint: str, tmp_path: Path, words: list[str]
) -> None:
    at = ["--server", endpoint, PATIENT, "--client", of.language] if "none" in words else []
    ended = mounted(tmp_path, of, "stock", *words, *at, flags=("-X", "importtime"))
    imported = IMPORTED.findall(ended.err)
    assert "soup.cli" in imported
    assert [name for name in imported if STUB.search(name)] == []


def test_its_kv_is_its_own(of: Implementation, endpoint: str, tmp_path: Path) -> None:
    """What the test above goes by is there where stubs are imported."""
    words = ("rpc", "kv", "get", "--address", endpoint, "none")
    ended = mounted(tmp_path, of, *words, flags=("-X", "importtime"))
    stubs = set(filter(STUB.search, IMPORTED.findall(ended.err)))
    assert stubs == {f"tofusoup.harness.proto.kv.kv_pb2{ending}" for ending in ("", "_grpc")}
    assert "RPC Error: key not found: none\n" in ended.err


def test_its_kv_has_no_tls(soup: Soup) -> None:
    (told,) = soup.commands("tofusoup.cli:main_cli", [["rpc", "kv", "get", "--help"]])
    assert "--address" in told.out.decode()
    assert "tls" not in told.out.decode().lower()


def test_every_place_is_one_that_it_looks_at(soup: Soup, tmp_path: Path) -> None:
    code = (
        "from tofusoup.rpc import stock_cli as cli\n"
        "for language in cli.SUPPORTED_LANGUAGES:\n"
        "    for role in ('server', 'client'):\n"
        "        print(language, cli.get_stock_binary_path(language, role))\n"
    )
    ended = run([str(soup.python), "-c", code], soup.environment, tmp_path)
    direct = soup.package.parents[1] / "direct"
    ours = {
        f"{place.name} {direct / place.name / place.file.format(role=role, Role=role.title())}"
        for place in PLACES.values()
        for role in ("server", "client")
    }
    assert set(ended.out.decode().splitlines()) == ours


@pytest.mark.parametrize("where", ["command", "suite"])
def test_it_does_not_take_the_place_of_another(where: str) -> None:
    main, suites = click.Group("soup"), dict[str, dict[str, object]]()
    if where == "command":
        main.add_command(click.Group("stock"))
    else:
        suites["stock"] = {}
    with pytest.raises(ValueError, match="a `stock` of its own"):
        mount(main, suites, click.Group("stock"))
