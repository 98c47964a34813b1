"""The programs on a command line: ready line, exit codes, one line of reason, signals."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PATIENCE = 20.0

# What begins an HTTP/2 connection: the preface, and settings that change nothing.
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))


def program(name: str, *arguments: str) -> list[str]:
    code = f"import sys; from python import {name} as program; sys.argv[1:] = {arguments!r}"
    return [sys.executable, "-c", f"{code}; program.main(program.run)"]


def redirected(redirection: str, name: str, *arguments: str) -> tuple[int, str, str]:
    """Runs a program with a redirection of the shell, as `>/dev/full`."""
    line = ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *program(name, *arguments)]
    done = subprocess.run(line, capture_output=True, timeout=PATIENCE, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def run(name: str, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    done = subprocess.run(
        program(name, *arguments), input=stdin, capture_output=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def server() -> subprocess.Popen[str]:
    line = program("stock_server", "--port", "0")
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def endpoint(server: subprocess.Popen[str]) -> str:
    assert server.stdout
    ready = server.stdout.readline()
    assert ready.startswith("Server listening on 127.0.0.1:")
    return ready.split()[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serves_until_a_signal(server: subprocess.Popen[str], number: signal.Signals) -> None:
    at = endpoint(server)
    assert run("stock_client", "put", "k", "-", "--server", at, stdin=b"\0\xff") == (0, "OK\n", "")
    code, output, _ = run("stock_client", "monitor", "--timeout-seconds=0.2", "--server", at)
    assert (code, output) == (68, "")
    missing = run("stock_client", "get", "missing", "--server", at)
    assert missing == (69, "", "NOT_FOUND: key not found: missing\n")
    assert run("stock_client", "health", "--server", at) == (0, "SERVING\n", "")
    taken = run("stock_server", "--port", at.rpartition(":")[2])
    assert taken[:2] == (3, "")
    # The library logs a line of its own before.
    assert taken[2].splitlines()[-1].startswith(f"cannot bind {at}: ")
    server.send_signal(number)
    output, _ = server.communicate(timeout=PATIENCE)
    assert (server.returncode, output) == (0, "")


@pytest.mark.parametrize("greeting", [b"", PREFACE])
def test_a_connection_without_calls_does_not_hold_up_the_end(greeting: bytes) -> None:
    line = program("stock_server", "--port=0", "--grace-seconds=1000")
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        host, _, port = endpoint(server).rpartition(":")
        with socket.create_connection((host, int(port)), PATIENCE) as idle:
            idle.sendall(greeting)
            idle.recv(1)  # the server's settings
            server.terminate()
            assert server.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--bogus"], "unknown flag: --bogus"),
        (["--two\nlines"], "unknown flag: --two\\nlines\n"),
        (["--tls-mode", "tls"], "--tls-mode tls needs --cert-file"),
        (["--tls-mode=tls", "--cert-file=none.pem", "--key-file=none.pem"], "none.pem: No such"),
    ],
)
def test_what_cannot_be_used_is_exit_2(arguments: list[str], reason: str) -> None:
    code, output, error = run("stock_server", *arguments)
    assert (code, output) == (2, "")
    assert error.startswith(reason)
    assert "Traceback" not in error


def test_an_empty_file_is_exit_2(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    files = [f"--cert-file={empty}", f"--key-file={empty}"]
    assert run("stock_server", "--tls-mode=tls", *files) == (2, "", f"{empty}: empty\n")


@pytest.mark.parametrize("name", ["stock_server", "stock_client"])
def test_help_and_version(name: str) -> None:
    code, output, _ = run(name, "--version")
    assert code == 0
    assert output.startswith(f"{name} ")
    assert output.split()[2] == "python"
    code, output, _ = run(name, "--help")
    assert code == 0
    assert output.startswith(f"usage: {name} ")


def test_what_is_not_there_is_unavailable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        at = f"127.0.0.1:{closed.getsockname()[1]}"
        code, output, error = run("stock_client", "get", "k", "--server", at)
    assert (code, output) == (78, "")
    assert error.startswith("UNAVAILABLE: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("redirection", "reason"),
    [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")],
)
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("stock_client", ["--help"]),
        ("stock_server", ["--version"]),
        ("stock_server", ["--port=0"]),
    ],
)
def test_what_cannot_be_printed_is_one_line_and_exit_4(
    name: str, arguments: list[str], redirection: str, reason: str
) -> None:
    assert redirected(redirection, name, *arguments) == (4, "", f"standard streams: {reason}\n")


def test_without_standard_error_the_exit_code_tells() -> None:
    assert redirected("2>&-", "stock_client", "--bogus") == (2, "", "")
