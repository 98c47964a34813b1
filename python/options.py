"""The options of the two programs, typed and free of contradictions."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from python.grammar import (
    Flag,
    UsageError,
    choice,
    endpoint,
    integer,
    parse,
    printable,
    seconds,
    text,
)

RECEIVE_BYTES = 4 * 1024 * 1024

_MODES = {
    "none": "none",
    "disabled": "none",
    "tls": "tls",
    "mtls": "mtls",
    "server": "upstream",
    "manual": "upstream",
}
_COMMON = (
    Flag(
        "max-receive-bytes",
        "largest message read, after decompression",
        integer(1, 2**31 - 1, "a positive number of bytes"),
        "N",
        RECEIVE_BYTES,
    ),
    Flag("session", "be driven by frames on standard input and output"),
    Flag("help", "print this and exit"),
    Flag("version", "print the version and exit"),
)
SERVER_FLAGS = (
    Flag("host", "address to bind", text, "H", "127.0.0.1"),
    Flag("port", "port to bind; 0 = any free one", integer(0, 65535, "a port"), "N", 50051),
    Flag("tls-mode", "none, tls or mtls", choice(_MODES, "none, tls or mtls"), "MODE", "none"),
    Flag("cert-file", "the server's certificate chain, PEM", text, "F"),
    Flag("key-file", "the server's private key, PEM PKCS#8", text, "F"),
    Flag("client-ca-file", "roots for client certificates, PEM; mtls", text, "F"),
    Flag("grace-seconds", "time for running calls when the server drains", seconds, "S", 3.0),
    Flag("allow-plaintext-network", "allow a host beyond loopback without TLS"),
    Flag("conformance", "obey the directives in request metadata"),
    *_COMMON,
)
CLIENT_FLAGS = (
    Flag("server", "endpoint to call", endpoint, "H:P", "127.0.0.1:50051"),
    Flag("tls", "use TLS"),
    Flag("ca-file", "roots for the server's certificate, PEM; default: the library's", text, "F"),
    Flag("cert-file", "the client's certificate chain, PEM", text, "F"),
    Flag("key-file", "the client's private key, PEM PKCS#8", text, "F"),
    Flag("server-name", "name to verify the server's certificate against", text, "N"),
    Flag("timeout-seconds", "deadline of the call; 0 = none", seconds, "S", 5.0),
    Flag(
        "count",
        "monitor: events to print; 0 = until stopped",
        integer(0, 2**63 - 1, "a count"),
        "N",
        0,
    ),
    *_COMMON,
)

# Operations of the client: how many arguments, and how they are written.
OPERATIONS: Mapping[str, tuple[int, int | None, str]] = {
    "get": (1, 1, "KEY"),
    "put": (2, 2, "KEY VALUE|-"),
    "delete": (1, 1, "KEY"),
    "monitor": (0, 1, "[PREFIX] [--count N]"),
    "batch": (0, None, "[KEY=VALUE ...]"),
    "trade": (1, None, "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ..."),
    "inventory": (0, 0, ""),
    "kv-get": (1, 1, "KEY"),
    "kv-put": (2, 2, "KEY VALUE|-"),
    "health": (0, 1, "[SERVICE]"),
}


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What `stock_server` was asked for. `show` is `help`, `version` or empty; then the rest means nothing."""

    show: str = ""
    host: str = ""
    port: int = 0
    security: str = "plaintext"
    cert_file: str | None = None
    key_file: str | None = None
    client_ca_file: str | None = None
    grace_seconds: float = 0
    max_receive_bytes: int = RECEIVE_BYTES
    conformance: bool = False
    session: bool = False


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """What `stock_client` was asked for. `show` as in ServerOptions; `arguments` are bytes as given."""

    show: str = ""
    session: bool = False
    operation: str = ""
    arguments: tuple[bytes, ...] = ()
    server: str = ""
    tls: bool = False
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    server_name: str | None = None
    timeout_seconds: float | None = None
    max_receive_bytes: int = RECEIVE_BYTES
    count: int = 0


def server_usage() -> str:
    """The usage of `stock_server`."""
    return "\n".join(["usage: stock_server [FLAGS]", *(flag.usage() for flag in SERVER_FLAGS)])


def client_usage() -> str:
    """The usage of `stock_client`."""
    operations = [
        f"  {name} {arguments}".rstrip() for name, (_, _, arguments) in OPERATIONS.items()
    ]
    flags = [flag.usage() for flag in CLIENT_FLAGS]
    return "\n".join(["usage: stock_client OPERATION [ARGUMENTS] [FLAGS]", *operations, *flags])


def parse_server(argv: Sequence[str]) -> ServerOptions:
    """The options of `stock_server`. Raises UsageError."""
    parsed = parse(SERVER_FLAGS, argv)
    given = parsed.given
    if show := _show(given):
        return ServerOptions(show=show)
    if parsed.arguments:
        raise UsageError(f"stray argument: {printable(parsed.arguments[0])}")
    if "session" in given:
        _only(given, "session", "conformance", "grace-seconds")
    value = _with_defaults(SERVER_FLAGS, given)
    security = _security(value)
    if (
        security == "plaintext"
        and not value["allow-plaintext-network"]
        and not _is_loopback(value["host"])
    ):
        raise UsageError(f"--host {value['host']} without TLS needs --allow-plaintext-network")
    return ServerOptions(
        host=value["host"],
        port=value["port"],
        security=security,
        cert_file=value["cert-file"],
        key_file=value["key-file"],
        client_ca_file=value["client-ca-file"],
        grace_seconds=value["grace-seconds"],
        max_receive_bytes=value["max-receive-bytes"],
        conformance=bool(value["conformance"] or value["session"]),
        session=bool(value["session"]),
    )


def parse_client(argv: Sequence[str]) -> ClientOptions:
    """The options of `stock_client`. Raises UsageError."""
    parsed = parse(CLIENT_FLAGS, argv)
    given = parsed.given
    if show := _show(given):
        return ClientOptions(show=show)
    if "session" in given:
        _only(given, "session")
        if parsed.arguments:
            raise UsageError(
                f"--session goes without an operation: {printable(parsed.arguments[0])}"
            )
        return ClientOptions(session=True)
    operation, arguments = _operation(parsed.arguments, given)
    value = _with_defaults(CLIENT_FLAGS, given)
    _check_client_tls(given)
    return ClientOptions(
        operation=operation,
        arguments=arguments,
        server=value["server"],
        tls=bool(value["tls"]),
        ca_file=value["ca-file"],
        cert_file=value["cert-file"],
        key_file=value["key-file"],
        server_name=value["server-name"],
        timeout_seconds=value["timeout-seconds"] or None,
        max_receive_bytes=value["max-receive-bytes"],
        count=value["count"],
    )


def _show(given: Mapping[str, Any]) -> str:
    return next((name for name in ("help", "version") if name in given), "")


def _only(given: Mapping[str, Any], *allowed: str) -> None:
    for name in given:
        if name not in allowed:
            raise UsageError(f"--session goes without --{name}")


def _with_defaults(flags: Sequence[Flag], given: Mapping[str, Any]) -> dict[str, Any]:
    return {flag.name: given.get(flag.name, flag.default) for flag in flags}


def _security(value: Mapping[str, Any]) -> str:
    mode = value["tls-mode"]
    if mode == "upstream":
        mode = "mtls" if value["client-ca-file"] else "tls"
    needed = {
        "none": (),
        "tls": ("cert-file", "key-file"),
        "mtls": ("cert-file", "key-file", "client-ca-file"),
    }[mode]
    for name in ("cert-file", "key-file", "client-ca-file"):
        if value[name] and name not in needed:
            raise UsageError(f"--{name} does not go with --tls-mode {mode}")
        if not value[name] and name in needed:
            raise UsageError(f"--tls-mode {mode} needs --{name}")
    return "plaintext" if mode == "none" else str(mode)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _operation(words: Sequence[str], given: Mapping[str, Any]) -> tuple[str, tuple[bytes, ...]]:
    if not words:
        raise UsageError("an operation is needed")
    name, *arguments = words
    if name not in OPERATIONS:
        raise UsageError(f"unknown operation: {printable(name)}")
    least, most, written = OPERATIONS[name]
    if len(arguments) < least:
        raise UsageError(f"{name} needs {written}")
    if most is not None and len(arguments) > most:
        raise UsageError(f"stray argument: {printable(arguments[most])}")
    if "count" in given and name != "monitor":
        raise UsageError(f"--count does not go with {name}")
    return name, tuple(os.fsencode(argument) for argument in arguments)


def _check_client_tls(given: Mapping[str, Any]) -> None:
    for name in ("ca-file", "cert-file", "key-file", "server-name"):
        if name in given and "tls" not in given:
            raise UsageError(f"--{name} needs --tls")
    for name, other in (("cert-file", "key-file"), ("key-file", "cert-file")):
        if name in given and other not in given:
            raise UsageError(f"--{name} needs --{other}")
