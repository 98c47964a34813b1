"""Where a server listens: its ready line, its port, the hosts that it may bind, and those it cannot."""

import socket
from pathlib import Path

import pytest

from conformance.life.programs import PATIENT, Implementation, run, serve, split, start


def has_ipv6() -> bool:
    """Whether this machine has a loopback address of IPv6."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("host", "literal"),
    [
        ("", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.1.2.3", "127.1.2.3"),
        ("localhost", "127.0.0.1|[::1]"),
        pytest.param("::1", "[::1]", marks=pytest.mark.skipif(not has_ipv6(), reason="no IPv6")),
    ],
)
def test_the_ready_line_tells_where(
    of: Implementation, tmp_path: Path, host: str, literal: str
) -> None:
    words = [f"--host={host}"] if host else []
    with serve(of, tmp_path, *words) as (server, endpoint):
        bound, _, port = endpoint.rpartition(":")
        assert bound in literal.split("|")
        assert 0 < int(port) <= 65535
        # Connections are accepted now.
        socket.create_connection(split(endpoint), 10).close()
        server.process.terminate()
        assert server.wait() == 0
        # It was the only line.
        assert server.rest() == b""


def test_any_free_port_is_another_each_time(of: Implementation, tmp_path: Path) -> None:
    with serve(of, tmp_path) as (_, one), serve(of, tmp_path) as (_, other):
        assert one != other


def test_a_taken_port_is_exit_3(of: Implementation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, err = run(of, "server", f"--port={port}")
    assert (code, out) == (3, b"")
    assert str(port) in err.splitlines()[-1]
    assert "Traceback" not in err


def test_the_port_of_a_server_is_taken(of: Implementation, tmp_path: Path) -> None:
    with serve(of, tmp_path) as (_, endpoint):
        assert run(of, "server", f"--port={split(endpoint)[1]}").code == 3


@pytest.mark.parametrize(
    "words",
    [
        # An address kept for documentation (RFC 5737), which is no machine's own.
        ["--host=192.0.2.1", "--allow-plaintext-network"],
        ["--host=stock.invalid", "--allow-plaintext-network"],
    ],
)
def test_a_host_that_cannot_be_bound_is_exit_3(of: Implementation, words: list[str]) -> None:
    code, out, err = run(of, "server", "--port=0", *words)
    assert (code, out) == (3, b""), err
    assert err.strip()


def test_the_port_of_a_drained_server_is_free_at_once(of: Implementation, tmp_path: Path) -> None:
    # An address of this test's own, so that nobody else is given the port.
    host = "--host=127.88.1.77"
    with start(of, "server", tmp_path, host, "--port=0") as first:
        endpoint = first.line().split(" ")[-1]
        put = run(of, "client", "put", "k", "v", PATIENT, "--server", endpoint)
        assert put == (0, b"OK\n", "")
        # This end keeps its side of a connection, which the server closes first.
        with socket.create_connection(split(endpoint), 10):
            first.process.terminate()
            assert first.wait() == 0
            with start(of, "server", tmp_path, host, f"--port={split(endpoint)[1]}") as second:
                assert second.line() == f"Server listening on {endpoint}"


def test_a_ready_line_that_cannot_be_printed_is_exit_4(of: Implementation) -> None:
    code, _, err = run(of, "server", "--port=0", shell=">/dev/full")
    assert code == 4
    assert err.strip()
