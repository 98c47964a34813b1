"""TofuSoup's own `stock` commands over the layout that is made for them.

Its `soup` does not have them: the module `tofusoup.rpc.stock_cli` is there, and is run here as a program.
"""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from conformance.life import files
from conformance.life.programs import PATIENCE, PATIENT, Implementation, Running, start
from proto import stock_pb2, stock_pb2_grpc
from soup.tofusoup.codes import NOT_FOUND, REFUSED
from soup.tofusoup.commands import put_commands
from soup.tofusoup.installed import Soup, install
from soup.tofusoup_layout import PLACES, Programs, direct_folder, lay_out

RUN = "from tofusoup.rpc.stock_cli import stock_cli; stock_cli()"
GROUP = "tofusoup.rpc.stock_cli:stock_cli"


@pytest.fixture(scope="module")
def laid_out(of: Implementation, tmp_path_factory: pytest.TempPathFactory) -> Soup:
    """TofuSoup with the language's programs where it looks for them."""
    if of.language not in PLACES:
        pytest.skip(f"{of.language}: not in TofuSoup's list of languages")
    folder = tmp_path_factory.mktemp("laid_out")
    soup = install(folder / "environment", commands=put_commands(folder / "commands", of))
    programs = {of.language: Programs(Path(of.server), Path(of.client))}
    lay_out(direct_folder(soup.package), programs)
    return soup


@contextlib.contextmanager
def started(of: Implementation, soup: Soup, folder: Path, *words: str) -> Iterator[Running]:
    """Starts one of its commands."""
    itself = of._replace(server=str(soup.python), environment=soup.environment)
    with start(itself, "server", folder, "-c", RUN, *words) as running:
        yield running


@contextlib.contextmanager
def served(of: Implementation, soup: Soup, folder: Path, *words: str) -> Iterator[str]:
    """Its `server`, with a port of the system's choice; the endpoint that the program says."""
    name = PLACES[of.language].name
    with started(of, soup, folder, "server", name, "--port", "0", *words) as server:
        assert server.line() == f"Starting {name} Stock server on port 0..."
        ready = server.line()
        assert ready.startswith("Server listening on "), ready
        yield ready.removeprefix("Server listening on ")


def client(soup: Soup, of: Implementation, *lines: list[str]) -> list[tuple[int, str, str]]:
    """What its `client` prints for operations, and its exit codes."""
    commands = [["client", PLACES[of.language].name, *line] for line in lines]
    ended = soup.commands(GROUP, commands)
    return [(one.code, one.out.decode(), one.err) for one in ended]


def test_its_list_of_languages_is_that_of_the_layout(of: Implementation, soup: Soup) -> None:
    name = PLACES[of.language].name if of.language in PLACES else of.language
    [without_operation] = soup.commands(GROUP, [["client", name]])
    assert without_operation.code == 2
    refused = f"'{name}' is not one of" in without_operation.err
    assert refused == (of.language not in PLACES), without_operation.err


def test_client_and_server(of: Implementation, laid_out: Soup, tmp_path: Path) -> None:
    with served(of, laid_out, tmp_path) as endpoint:
        rest = ["--server", endpoint, "--", PATIENT]
        put, get, missing, inventory = client(
            laid_out,
            of,
            ["put", *rest, "k", "v"],
            ["get", *rest, "k"],
            ["get", *rest, "none"],
            ["inventory", *rest],
        )
        assert (put[:2], get[:2]) == ((0, "OK\n"), (0, "v\n")), put[2] + get[2]
        # Marks that are meant for a terminal, and the program's exit code. A virtual machine without its flags may
        # have told something before.
        assert missing[:2] == (NOT_FOUND, "")
        assert missing[2].startswith("[red]")
        assert missing[2].endswith("NOT_FOUND: key not found: none[/red]\n")
        assert f"metadata.language={of.language}\n" in inventory[1]
        monitored(of, laid_out, tmp_path, endpoint)


def monitored(of: Implementation, soup: Soup, folder: Path, endpoint: str) -> None:
    """Its `client monitor` prints an event."""
    name = PLACES[of.language].name
    words = ("--server", endpoint, "--", "--count=1", "--timeout-seconds=0", "watched")
    with (
        grpc.insecure_channel(endpoint, [("grpc.enable_http_proxy", 0)]) as channel,
        started(of, soup, folder, "client", name, "monitor", *words) as monitor,
    ):
        stub = stock_pb2_grpc.StockStub(channel)
        put = stock_pb2.PutRequest(key="watched", value=b"v")
        until = time.monotonic() + PATIENCE
        # Nobody tells when it has subscribed: it is given events until it has one, which ends it.
        while time.monotonic() < until:
            stub.Put(put, timeout=PATIENCE)
            with contextlib.suppress(subprocess.TimeoutExpired):
                monitor.process.wait(0.1)
                break
        assert monitor.wait() == 0
        # Its printing makes spaces of tabs.
        _, kind, key, value = monitor.rest().decode().split()
        assert (kind, key, value) == ("PUT", "watched", "v")


def test_tls(of: Implementation, laid_out: Soup, tmp_path: Path) -> None:
    made = files.make(tmp_path)
    identity = ("--cert-file", made("chain.pem"), "--key-file", made("key.pem"))
    with served(of, laid_out, tmp_path, "--tls-mode", "manual", *identity) as endpoint:
        rest = ["--server", endpoint, "--", PATIENT]
        trusting, plain = client(
            laid_out,
            of,
            ["put", "--tls", "--ca-file", made.roots, *rest, "k", "v"],
            ["get", *rest, "k"],
        )
    assert trusting[:2] == (0, "OK\n"), trusting[2]
    assert plain[0] in REFUSED, plain[2]
    assert plain[1] == ""
