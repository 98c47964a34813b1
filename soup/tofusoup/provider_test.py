"""A Terraform provider's server reached by a client of Stock: its health, and that it knows nothing of Stock."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from conformance.certs.authority import mint
from conformance.life.programs import PATIENT, Implementation, run
from soup.tofusoup.codes import NOT_FOUND, REFUSED, UNIMPLEMENTED
from soup.tofusoup.provider import Handshake, provide

# Every RPC of both services, as the client's operations.
OPERATIONS = (
    ["get", "k"],
    ["put", "k", "v"],
    ["delete", "k"],
    ["monitor"],
    ["batch", "k=v"],
    ["trade", "query:k"],
    ["inventory"],
    ["kv-get", "k"],
    ["kv-put", "k", "v"],
)

# The names that its health service knows; the second is what a go-plugin host asks for. That of the service
# itself is meant to be one, and is not in this version.
KNOWN = ("", "plugin")


class Served(NamedTuple):
    """A provider's server, and how it is reached."""

    handshake: Handshake
    # Flags of the client: how to connect.
    words: tuple[str, ...]
    # Without what is to be verified by the server, or the client.
    wrong: tuple[tuple[str, ...], ...]


def identities(folder: Path) -> Mapping[str, str]:
    """PEM by name, each in a file of that name too."""
    authority, foreign = mint("p256"), mint("p256")
    server, client, stranger = authority.issue(), authority.issue(), foreign.issue()
    contents = {
        "roots": authority.roots_pem,
        "foreign": foreign.roots_pem,
        "server": server.chain_pem,
        "server-key": server.key_pem,
        "client": client.chain_pem,
        "client-key": client.key_pem,
        "stranger": stranger.chain_pem,
        "stranger-key": stranger.key_pem,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: content.decode() for name, content in contents.items()}


# By security: variables of its environment, and the name of the PEM that each is.
SECURITIES: Mapping[str, Mapping[str, str]] = {
    "plaintext": {},
    "mtls": {
        "PLUGIN_SERVER_CERT": "server",
        "PLUGIN_SERVER_KEY": "server-key",
        "PLUGIN_CLIENT_ROOT_CERTS": "roots",
    },
    "automatic": {"PLUGIN_CLIENT_CERT": "client"},
}


@pytest.fixture(scope="module", params=SECURITIES)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The server, with one security."""
    folder = tmp_path_factory.mktemp("provider")
    pem = identities(folder)
    extra = {name: pem[which] for name, which in SECURITIES[request.param].items()}
    with provide(folder, extra) as (_, handshake):
        (folder / "told").write_text(handshake.certificate, "ascii")
        yield Served(handshake, *how(request.param, folder))


def how(security: str, folder: Path) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The client's flags: those that connect, and those that must not."""

    def trusting(roots: str, identity: str = "") -> tuple[str, ...]:
        words = ("--tls", f"--ca-file={folder / roots}")
        if not identity:
            return words
        key = folder / f"{identity}-key"
        return (*words, f"--cert-file={folder / identity}", f"--key-file={key}")

    return {
        "plaintext": ((), (trusting("roots"),)),
        "mtls": (
            trusting("roots", "client"),
            (trusting("roots"), trusting("foreign", "client"), trusting("roots", "stranger")),
        ),
        "automatic": (trusting("told"), ((), trusting("roots"))),
    }[security]


def call(of: Implementation, served: Served, *words: str) -> tuple[int, bytes, str]:
    """Runs an operation of the client."""
    at = ("--server", served.handshake.endpoint)
    return run(of, "client", *words, PATIENT, *at, *served.words)


def test_it_is_healthy(of: Implementation, served: Served) -> None:
    for service in KNOWN:
        words = [service] if service else []
        assert (service, *call(of, served, "health", *words)) == (service, 0, b"SERVING\n", "")


def test_it_has_no_health_of_stock(of: Implementation, served: Served) -> None:
    code, out, err = call(of, served, "health", "tofusoup.stock.Stock")
    assert (code, out) == (NOT_FOUND, b"")
    assert err == "NOT_FOUND: Service 'tofusoup.stock.Stock' not found.\n"


def test_it_has_no_stock(of: Implementation, served: Served) -> None:
    # What it has no method for is a matter of names, which TLS does not change.
    for words in OPERATIONS if not served.words else OPERATIONS[:1]:
        code, out, err = call(of, served, *words)
        assert (words, code, out) == (words, UNIMPLEMENTED, b""), err
        assert err.startswith("UNIMPLEMENTED: ")
        assert err.count("\n") == 1


def test_it_verifies_and_is_verified(of: Implementation, served: Served) -> None:
    for words in served.wrong:
        code, out, err = call(of, served._replace(words=words), "health")
        assert (words, out) == (words, b"")
        assert code in REFUSED, err


def test_its_handshake(served: Served, request: pytest.FixtureRequest) -> None:
    handshake = served.handshake
    assert (handshake.core_version, handshake.network, handshake.protocol) == (1, "tcp", "grpc")
    assert handshake.endpoint.startswith("127.0.0.1:")
    security = request.node.callspec.params["served"]
    assert bool(handshake.certificate) == (security != "plaintext")
