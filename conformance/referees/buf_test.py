"""buf curl: calls of every shape in the gRPC protocol, over both reflections."""

import json
import signal
from pathlib import Path

import pytest

from conformance.life.programs import PATIENCE, Ended, Implementation
from conformance.referees.calls import (
    CALLS,
    EVENTS,
    METHODS,
    SERVICES,
    STOCK,
    WATCHED,
    inventory_is,
    messages,
    one_of_each,
    untimed,
)
from conformance.referees.listening import Listening, listen
from conformance.referees.referee import Referee, next_message
from conformance.runner.config import Security
from conformance.runner.status_code import Code


@pytest.fixture(scope="module")
def buf(tmp_path_factory: pytest.TempPathFactory) -> Referee:
    """The program."""
    return Referee("buf", tmp_path_factory.mktemp("buf"))


def words(server: Listening) -> list[str]:
    """The start of its command line."""
    secured = server.flags("--http2-prior-knowledge", ca="--cacert", cert="--cert", key="--key")
    patience = (f"--connect-timeout={PATIENCE}", f"--timeout={PATIENCE}s")
    return ["curl", "--protocol=grpc", *secured, *patience]


def url(server: Listening, method: str = "") -> str:
    """Where a method is called."""
    scheme = "http" if server.security is Security.PLAINTEXT else "https"
    return f"{scheme}://{server.endpoint}/{method}".removesuffix("/")


def call(buf: Referee, server: Listening, method: str, data: str = "", *more: str) -> Ended:
    """A call; its requests go in by standard input."""
    return buf.run(*words(server), "--data=@-", *more, url(server, method), stdin=data)


@pytest.mark.parametrize("reflection", ["grpc-v1", "grpc-v1alpha"])
def test_lists(buf: Referee, server: Listening, reflection: str) -> None:
    """The services and their methods, by either reflection."""
    by = (*words(server), f"--reflect-protocol={reflection}")
    code, out, err = buf.run(*by, "--list-methods", url(server))
    assert (code, err) == (0, "")
    listed = [line.split("/") for line in out.decode().splitlines()]
    assert sorted({service for service, _ in listed}) == [*SERVICES]
    for service, methods in METHODS.items():
        assert [method for of, method in listed if of == service] == [*methods]


def failure(code: Code, message: str) -> tuple[int, dict[str, str]]:
    """How it tells a status that is not OK: its exit code, and what it says of it."""
    return code << 3, {"code": code.name.lower(), "message": message}


def test_calls(buf: Referee, server: Listening) -> None:
    """Get, Put, Delete, Batch and Trade, Get and Put of KV, and their errors by code and text."""
    for asked in one_of_each(CALLS):
        code, out, err = call(buf, server, asked.method, asked.data)
        told = json.loads(err) if err else {}
        expected = failure(asked.code, asked.message) if asked.code else (0, {})
        assert (asked, code, told) == (asked, *expected)
        assert (asked, [*untimed(messages(out))]) == (asked, [*asked.responses])


def test_inventory(buf: Referee, server: Listening, of: Implementation) -> None:
    """Inventory tells the security that buf connected in."""
    code, out, err = call(buf, server, f"{STOCK}/Inventory", "{}")
    assert (code, err) == (0, "")
    (status,) = messages(out)
    inventory_is(status, of.language, server.security)


@pytest.mark.parametrize("security", [Security.PLAINTEXT, Security.MTLS])
def test_monitor(buf: Referee, of: Implementation, tmp_path: Path, security: Security) -> None:
    """Monitor's headers come at once, its events in order, its end when the server drains."""
    with listen(of, security, tmp_path) as server:
        watch = (*words(server), "--verbose", '--data={"keyPrefix": "seen"}')
        with buf.launch(*watch, url(server, f"{STOCK}/Monitor")) as monitor:
            # The first stream of the connection is that of reflection.
            while monitor.line() != "buf: < (#2) HTTP/2.0 200 OK":
                pass
            for done in WATCHED:
                assert messages(call(buf, server, done.method, done.data).out) == done.responses
            assert [*untimed(next_message(monitor) for _ in EVENTS)] == [*EVENTS]
            server.program.signal(signal.SIGTERM)
            code, told = failure(Code.UNAVAILABLE, "server shutting down")
            assert next_message(monitor) == told
            monitor.rest()
            assert monitor.wait() == code
        assert server.program.wait() == 0
