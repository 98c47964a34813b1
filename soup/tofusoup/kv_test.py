"""`soup rpc kv` of a published TofuSoup against a server: what was written for KV finds it in Stock.

It exits with 0 whatever happens, so what it prints is what counts.
"""

import asyncio
from collections.abc import Iterator

import pytest

from conformance.certs.authority import Authority, mint
from conformance.certs.contexts import client_context
from conformance.life.programs import PATIENT, Implementation, run, serve, split
from conformance.runner.ends import Endpoint
from conformance.runner.relay import Legs, Relay
from soup.tofusoup.installed import Soup

INVALID = "RPC Error: invalid key: 1 to 1024 bytes of UTF-8 without NUL\n"

# In this order: words, standard output, standard error.
STEPS = (
    (["get", "k"], "", "RPC Error: key not found: k\n"),
    (["put", "k", "v"], "Successfully put key 'k'\n", ""),
    (["get", "k"], "v\n", ""),
    (["put", "k", "two\nlines"], "Successfully put key 'k'\n", ""),
    (["get", "k"], "two\nlines\n", ""),
    # Its own server refuses such keys.
    (["put", "../a b/\u00e9*", "\U0001f372"], "Successfully put key '../a b/\u00e9*'\n", ""),
    (["get", "../a b/\u00e9*"], "\U0001f372\n", ""),
    (["put", "", "v"], "", INVALID),
    (["get", "k" * 1025], "", INVALID),
    # An empty value is one, which it takes for none.
    (["put", "empty", ""], "Successfully put key 'empty'\n", ""),
    (["get", "empty"], "", "Key 'empty' not found.\n"),
)

# A relay carries bytes: what the client says of the connection, `:scheme: http`, stays. Kestrel refuses what does
# not fit the connection, as RFC 9113 (8.3.1) lets it; others do not look.
SCHEME_MUST_FIT = ("csharp",)


def command(operation: str, endpoint: str, *words: str) -> list[str]:
    """The words after `soup`."""
    return ["rpc", "kv", operation, "--address", endpoint, "--", *words]


def kv(soup: Soup, *commands: list[str]) -> list[tuple[str, str]]:
    """What commands print."""
    ended = soup.commands("tofusoup.cli:main_cli", commands)
    return [(one.out.decode(), one.err) for one in ended]


@pytest.fixture(scope="module")
def endpoint(of: Implementation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server listens, in plaintext."""
    with serve(of, tmp_path_factory.mktemp("server")) as (_, listening):
        yield listening


def test_it_is_the_store_of_stock(of: Implementation, soup: Soup, endpoint: str) -> None:
    put = soup.run(*command("put", endpoint, "shared", "theirs"))
    assert put == (0, b"Successfully put key 'shared'\n", "")
    at = (PATIENT, "--server", endpoint)
    assert run(of, "client", "get", "shared", *at) == (0, b"theirs\n", "")
    assert run(of, "client", "put", "shared", "ours", *at) == (0, b"OK\n", "")
    assert soup.run(*command("get", endpoint, "shared")) == (0, b"ours\n", "")


def test_step_by_step(soup: Soup, endpoint: str) -> None:
    commands = [command(words[0], endpoint, *words[1:]) for words, _, _ in STEPS]
    printed = kv(soup, *commands)
    assert printed == [(out, err) for _, out, err in STEPS]


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Who issues both ends' certificates."""
    return mint("p256")


@pytest.fixture(scope="module")
def secured(
    of: Implementation, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where the server listens with mutual TLS."""
    folder = tmp_path_factory.mktemp("secured")
    identity = authority.issue()
    for name, content in (
        ("chain", identity.chain_pem),
        ("key", identity.key_pem),
        ("roots", authority.roots_pem),
    ):
        (folder / name).write_bytes(content)
    words = (f"--cert-file={folder / 'chain'}", f"--key-file={folder / 'key'}")
    roots = f"--client-ca-file={folder / 'roots'}"
    with serve(of, folder, "--tls-mode=mtls", *words, roots) as (_, listening):
        yield listening


async def test_a_relay_gives_it_the_tls_it_lacks(
    of: Implementation, soup: Soup, secured: str, authority: Authority
) -> None:
    context = client_context(authority.roots_pem, authority.issue())
    async with Relay(Endpoint(*split(secured), 1), Legs(server=context)) as relay:
        without, put, get = await asyncio.to_thread(
            kv,
            soup,
            command("get", secured, "k"),
            command("put", relay.endpoint.target, "k", "v"),
            command("get", relay.endpoint.target, "k"),
        )
    assert (without[0], without[1][:11]) == ("", "RPC Error: ")
    if of.language in SCHEME_MUST_FIT:
        assert put[0] == get[0] == ""
        assert put[1].startswith("RPC Error: Stream removed (RST_STREAM")
    else:
        assert (put, get) == (("Successfully put key 'k'\n", ""), ("v\n", ""))
