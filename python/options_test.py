"""The command lines: what is understood, and that what is not is named."""

import contextlib
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from python.arguments import OrderArgument, parse_item, parse_order
from python.grammar import UsageError
from python.options import (
    OPERATIONS,
    ClientOptions,
    ServerOptions,
    client_usage,
    parse_client,
    parse_server,
    server_usage,
)

PLAIN = ServerOptions(host="127.0.0.1", port=50051, grace_seconds=3.0)
CLIENT = ClientOptions(server="127.0.0.1:50051", timeout_seconds=5.0)
FILES = "--cert-file c --key-file=k"


def _with(options: ServerOptions, **changes: object) -> ServerOptions:
    fields = {name: getattr(options, name) for name in ServerOptions.__dataclass_fields__}
    return ServerOptions(**(fields | changes))


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("", {}),
        ("--port 0", {"port": 0}),
        ("--port=1 --port 65535", {"port": 65535}),
        ("--host localhost --conformance", {"host": "localhost", "conformance": True}),
        ("--host ::1 --grace-seconds 0", {"host": "::1", "grace_seconds": 0.0}),
        ("--host 127.9.9.9 --grace-seconds=0.25", {"host": "127.9.9.9", "grace_seconds": 0.25}),
        ("--host 0.0.0.0 --allow-plaintext-network", {"host": "0.0.0.0"}),
        ("--max-receive-bytes 1", {"max_receive_bytes": 1}),
        ("--tls-mode disabled", {}),
        (
            f"{FILES} --tls-mode tls --host 0.0.0.0",
            {"security": "tls", "cert_file": "c", "key_file": "k", "host": "0.0.0.0"},
        ),
        (
            f"{FILES} --tls-mode manual",
            {"security": "tls", "cert_file": "c", "key_file": "k"},
        ),
        (
            f"{FILES} --tls-mode server --client-ca-file r",
            {"security": "mtls", "cert_file": "c", "key_file": "k", "client_ca_file": "r"},
        ),
    ],
)
def test_a_server_is_told_what_to_do(line: str, changes: dict[str, object]) -> None:
    assert parse_server(line.split()) == _with(PLAIN, **changes)


@pytest.mark.parametrize(
    ("line", "culprit"),
    [
        ("--bogus", "unknown flag: --bogus"),
        ("--por 1", "unknown flag: --por"),
        ("--port", "--port needs a value"),
        ("--port=", "--port: '' given"),
        ("--port 65536", "--port: '65536' given"),
        ("--port +1", "--port: '+1' given"),
        ("--port 1_0", "--port: '1_0' given"),
        ("--port x --port 1", "--port: 'x' given"),
        ("--host=", "--host: '' given"),
        ("--conformance=true", "--conformance takes no value"),
        ("--grace-seconds 1e3", "--grace-seconds: '1e3' given"),
        ("--grace-seconds -1", "--grace-seconds: '-1' given"),
        ("--grace-seconds inf", "--grace-seconds: 'inf' given"),
        ("--max-receive-bytes 0", "--max-receive-bytes"),
        ("-5", "stray argument: -5"),
        ("-- --port", "stray argument: --port"),
        ("--tls-mode ssl", "--tls-mode"),
        ("--cert-file c", "--cert-file does not go with --tls-mode none"),
        ("--tls-mode tls --cert-file c", "--tls-mode tls needs --key-file"),
        (f"--tls-mode mtls {FILES}", "--tls-mode mtls needs --client-ca-file"),
        ("--host 192.0.2.1", "--allow-plaintext-network"),
        ("--session --port 0", "--session goes without --port"),
    ],
)
def test_what_a_server_does_not_understand_is_named(line: str, culprit: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_server(line.split())
    assert culprit in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "operation", "arguments"),
    [
        ("get k", "get", "k"),
        ("get -5", "get", "-5"),
        ("put - -", "put", "- -"),
        ("put -- --k --v", "put", "--k --v"),
        ("put k --timeout-seconds 0.5 v", "put", "k v"),
        ("--timeout-seconds=0 inventory", "inventory", ""),
        ("monitor --count 3", "monitor", ""),
        ("health --server [::1]:1", "health", ""),
        ("kv-get k --server my-host.x:65535", "kv-get", "k"),
    ],
)
def test_a_client_is_told_what_to_do(line: str, operation: str, arguments: str) -> None:
    options = parse_client(line.split())
    assert options.operation == operation
    assert b" ".join(options.arguments).decode() == arguments


def test_defaults_of_a_client_and_no_deadline() -> None:
    options = parse_client(["inventory"])
    assert (options.server, options.timeout_seconds) == (CLIENT.server, CLIENT.timeout_seconds)
    assert parse_client(["inventory", "--timeout-seconds=0"]).timeout_seconds is None


@pytest.mark.parametrize(
    ("line", "culprit"),
    [
        ("", "an operation is needed"),
        ("fetch k", "unknown operation: fetch"),
        ("get", "get needs KEY"),
        ("get a b", "stray argument: b"),
        ("get k --count 1", "--count does not go with get"),
        ("get k --ca-file f", "--ca-file needs --tls"),
        ("get k --tls --cert-file f", "--cert-file needs --key-file"),
        ("get k --server localhost", "--server: 'localhost' given"),
        ("get k --server ::1:5", "--server: '::1:5' given"),
        ("get k --server h:0", "--server: 'h:0' given"),
        ("--session get", "--session goes without an operation: get"),
        ("--session --tls", "--session goes without --tls"),
    ],
)
def test_what_a_client_does_not_understand_is_named(line: str, culprit: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_client(line.split())
    assert culprit in str(caught.value)


def test_arguments_are_bytes() -> None:
    assert parse_client(["get", os.fsdecode(b"\xff")]).arguments == (b"\xff",)


@pytest.mark.parametrize("show", ["help", "version"])
def test_help_and_version_go_before_what_is_wrong(show: str) -> None:
    assert parse_client([f"--{show}"]).show == show
    assert parse_server([f"--{show}"]).show == show


def test_the_usage_names_everything() -> None:
    assert all(f"  {name}" in client_usage() for name in OPERATIONS)
    assert "--allow-plaintext-network" in server_usage()


@settings(derandomize=True, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=12), max_size=6))
def test_any_line_is_understood_or_refused(words: list[str]) -> None:
    for parse in (parse_client, parse_server):
        with contextlib.suppress(UsageError):
            parse(words)


def test_items_split_at_the_first_equals_sign() -> None:
    assert parse_item(b"k=v=w") == ("k", b"v=w")
    assert parse_item(b"=\xff") == ("", b"\xff")
    for wrong in (b"k", b"\xff=v"):
        with pytest.raises(UsageError, match=r"^batch: "):
            parse_item(wrong)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (b"buy:acme:5", OrderArgument("BUY", "acme", 5)),
        (b"sell:a:b:-1", OrderArgument("SELL", "a:b", -1)),
        (b"query:a:5", OrderArgument("QUERY", "a:5", 0)),
        (b"query:", OrderArgument("QUERY", "", 0)),
        (b"buy::2147483647", OrderArgument("BUY", "", 2**31 - 1)),
    ],
)
def test_orders_split_at_their_last_colons(argument: bytes, expected: OrderArgument) -> None:
    assert parse_order(argument) == expected


@pytest.mark.parametrize(
    "argument", [b"buy:a", b"hold:a:1", b"buy:a:2147483648", b"buy:a:+1", b"buy:\xff:1", b""]
)
def test_a_wrong_order_is_named(argument: bytes) -> None:
    with pytest.raises(UsageError, match=r"^trade: "):
        parse_order(argument)
