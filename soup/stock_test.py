"""The built command as a user calls it, with the real programs of Go and Python."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator

import pytest

from conformance.life.programs import PATIENCE, PATIENT, Ended, Running
from soup.fakes.user import User

pytest_plugins = ("soup.fakes.user_fixtures",)


@pytest.fixture
def language(request: pytest.FixtureRequest) -> str:
    """The language of the server."""
    found: str = getattr(request, "param", "go")
    return found


@pytest.fixture
def endpoint(user: User, language: str) -> Iterator[str]:
    """Where a server in plaintext listens."""
    with user.start("server", language, "--port=0") as server:
        yield listening(server)


def listening(server: Running) -> str:
    """The endpoint of a ready line."""
    return server.line().removeprefix("Server listening on ")


@pytest.mark.parametrize(
    ("language", "client"), [("go", "python"), ("python", "go")], indirect=["language"]
)
def test_every_operation(user: User, endpoint: str, client: str) -> None:
    at = (f"--server={endpoint}", PATIENT, "--client", client)
    assert user.call("put", "colour", "blue", *at) == Ended(0, b"OK\n", "")
    assert user.call("get", *at, "colour") == Ended(0, b"blue\n", "")
    assert user.call("kv-put", *at, "k", "-", stdin=b"\0\xff\n") == Ended(0, b"OK\n", "")
    assert user.call("kv-get", "k", *at).out == b"\0\xff\n\n"
    assert user.call("batch", "a=1", "b=2", *at).out == b"total=2 successful=2 failed=0 bytes=2\n"
    assert user.call("trade", "buy:acme:3", *at).out == b"ok\tacme\t3\tbought\n"
    assert b"items=4\n" in user.call("inventory", *at).out
    assert user.call("health", *at).out == b"SERVING\n"
    assert user.call("delete", "colour", *at).out == b"OK\n"


def test_a_monitor_is_a_stream(user: User, endpoint: str) -> None:
    at = (f"--server={endpoint}", PATIENT)
    with user.start("go", "client", "monitor", "--count=1", *at) as monitor:
        # It has no sign that it listens: so there is something new until it has heard of it.
        while monitor.process.poll() is None:
            assert user.call("put", "k", "v", *at, "--client=go").code == 0
        assert monitor.line().split("\t")[1:] == ["PUT", "k", "v"]
        assert monitor.wait() == 0


def test_exit_codes_are_the_programs(user: User, endpoint: str) -> None:
    at = (f"--server={endpoint}", PATIENT)
    missing = user.call("go", "client", "get", "k", *at)
    assert missing == Ended(64 + 5, b"", "NOT_FOUND: key not found: k\n")
    assert user.call("client", "python", "health", "nobody", *at).code == 64 + 5
    assert user.call("get", b"\xff", *at, "--client=go").code == 2
    assert user.call("get", "k", "--client=go", "--cleint=x").code == 2
    taken = user.call("server", "go", f"--port={endpoint.rpartition(':')[2]}")
    assert taken.code == 3
    assert user.call("go", "server", "--version").out.startswith(b"stock_server ")


def test_a_key_may_look_like_a_flag(user: User, endpoint: str) -> None:
    at = (f"--server={endpoint}", PATIENT)
    assert user.call("put", *at, "--", "--tls-mode", "-5").out == b"OK\n"
    assert user.call("go", "client", "get", *at, "--", "--tls-mode").out == b"-5\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("mode", ["none", "auto"])
def test_a_signal_drains_the_server(user: User, number: signal.Signals, mode: str) -> None:
    with user.start("server", "go", "--port=0", "--tls-mode", mode) as server:
        listening(server)
        server.signal(number)
        assert server.wait() == 0


@pytest.mark.parametrize(("server", "client"), [("go", "python"), ("python", "go")])
def test_auto(user: User, server: str, client: str) -> None:
    runs = user.folder / "cache/stock/auto"
    words = ("--port=0", "--tls-mode=auto", "--ca-out", "ca.pem", "--key-type=p384")
    with user.start("server", server, *words) as running:
        at = (f"--server={listening(running)}", PATIENT)
        (run,) = runs.glob("run-*")
        assert "stock: CA: ca.pem\n" in running.log
        assert f"stock: clients show: {run}/client.pem, {run}/client-key.pem\n" in running.log
        by_file = ("--tls-mode=auto", "--ca-out=ca.pem")
        assert user.call("put", "k", "v", *at, *by_file, "--client", client).out == b"OK\n"
        only_one = user.call("get", "k", *at, "--tls-mode=auto", "--client", client)
        assert only_one.out == b"v\n"
        # Who shows nothing, or trusts nobody, is refused.
        stranger = user.call("get", "k", *at, "--tls-mode=tls", "--ca-file=ca.pem", "--client=go")
        assert stranger.code == 64 + 14
        running.signal(signal.SIGTERM)
        assert running.wait() == 0
    assert not run.exists()
    gone = user.call("get", "k", *at, *by_file)
    assert gone.code == 2
    assert "ca.pem: no server of --tls-mode auto that runs now has written it" in gone.err


def test_manual(user: User) -> None:
    made = user.call("certs", "make", "d", "--names", "kvproto", "--key-type", "rsa2048")
    assert made.code == 0, made.err
    server_file, client_file = (f"d/rsa-2048-mtls-{role}" for role in ("server", "client"))
    words = (
        "--port=0",
        "--tls-mode=manual",
        f"--cert-file={server_file}.crt",
        f"--key-file={server_file}.key",
        f"--client-ca-file={client_file}.crt",
    )
    with user.start("go", "server", *words) as server:
        at = (f"--server={listening(server)}", PATIENT, "--tls-mode=mtls")
        own = (f"--cert-file={client_file}.crt", f"--key-file={client_file}.key")
        for roots in ("d/rsa-2048-ca.crt", f"{server_file}.crt"):
            assert user.call("health", *at, *own, f"--ca-file={roots}").out == b"SERVING\n"


def test_a_reader_that_has_enough_ends_it_quietly(user: User) -> None:
    line = [user.command.server, "certs", "make", "d"]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            line,
            stdout=writing,
            stderr=subprocess.PIPE,
            env=user.command.environment,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_left_out_where_nobody_wants_them(
    user: User, variables: dict[str, str], coloured: bool
) -> None:
    wanted = user.having(TERM="xterm-256color", **variables).command
    terminal, other = os.openpty()
    with subprocess.Popen(
        [wanted.server, "list"], stdout=subprocess.DEVNULL, stderr=other, env=wanted.environment
    ) as listing:
        os.close(other)
        shown = b"".join(iter(lambda: read(terminal), b""))
        assert listing.wait(PATIENCE) == 0
    os.close(terminal)
    assert b"asking programs what they are" in shown
    assert (re.search(rb"\x1b\[[\d;]*3\d", shown) is not None) == coloured


def read(terminal: int) -> bytes:
    """More of what a terminal shows; nothing when everybody has left it."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
