"""What the programs print about themselves, and every way of asking them wrongly."""

from collections.abc import Sequence

import pytest

from conformance.life.programs import Implementation, run

FILES = ("--cert-file=f", "--key-file=f")

# Arguments of stock_server, and what the line of reason must name.
SERVER = (
    (["--bogus"], "--bogus"),
    (["--bogus=1"], "--bogus"),
    (["-x"], "-x"),
    (["stray"], "stray"),
    (["--", "--port"], "--port"),
    (["--por=1"], "--por"),
    (["--port"], "--port"),
    (["--port="], "--port"),
    (["--port=-1"], "--port"),
    (["--port=65536"], "--port"),
    (["--port=1.5"], "--port"),
    (["--port=0x10"], "--port"),
    (["--port", "--help"], "--port"),
    (["--port=0", "--port=x"], "--port"),
    # The value of each is checked, also of one that another replaces, and beside --help.
    (["--port=x", "--port=0"], "--port"),
    (["--port=65536", "--port", "0"], "--port"),
    (["--host=", "--host=127.0.0.1"], "--host"),
    (["--tls-mode=ssl", "--tls-mode=none"], "--tls-mode"),
    (["--tls-mode=tls", *FILES, "--cert-file=", "--cert-file=f"], "--cert-file"),
    (["--grace-seconds=soon", "--grace-seconds=1"], "--grace-seconds"),
    (["--max-receive-bytes=0", "--max-receive-bytes=1"], "--max-receive-bytes"),
    (["--port=x", "--help"], "--port"),
    (["--version", "--tls-mode=ssl"], "--tls-mode"),
    (["--help", "--bogus"], "--bogus"),
    (["--help=yes"], "--help"),
    (["--conformance=true"], "--conformance"),
    (["--tls-mode=ssl"], "--tls-mode"),
    (["--tls-mode="], "--tls-mode"),
    (["--tls-mode=tls"], "--cert-file"),
    (["--tls-mode=server"], "--cert-file"),
    (["--tls-mode=tls", "--cert-file=f"], "--key-file"),
    (["--tls-mode=tls", "--key-file=f"], "--cert-file"),
    (["--tls-mode=mtls", *FILES], "--client-ca-file"),
    (["--tls-mode=tls", *FILES, "--client-ca-file=f"], "--client-ca-file"),
    (["--cert-file=f"], "--cert-file"),
    (["--key-file=f"], "--key-file"),
    (["--client-ca-file=f"], "--client-ca-file"),
    (["--tls-mode=disabled", *FILES], "--cert-file"),
    (["--grace-seconds=-1"], "--grace-seconds"),
    (["--grace-seconds=soon"], "--grace-seconds"),
    (["--grace-seconds="], "--grace-seconds"),
    (["--max-receive-bytes=0"], "--max-receive-bytes"),
    (["--max-receive-bytes=-5"], "--max-receive-bytes"),
    (["--max-receive-bytes=99999999999999999999"], "--max-receive-bytes"),
    (["--host=0.0.0.0"], "--allow-plaintext-network"),
    (["--host=::"], "--allow-plaintext-network"),
    (["--host=192.0.2.1"], "--allow-plaintext-network"),
    (["--host=128.0.0.1"], "--allow-plaintext-network"),
    (["--host=stock.invalid"], "--allow-plaintext-network"),
    (["--session", "--port=0"], "--port"),
    (["--session", "--host=127.0.0.1"], "--host"),
    (["--session", "--tls-mode=none"], "--tls-mode"),
    (["--session", "--max-receive-bytes=5"], "--max-receive-bytes"),
    (["--session", "--allow-plaintext-network"], "--allow-plaintext-network"),
    (["--session", "stray"], "stray"),
)

CLIENT: tuple[tuple[Sequence[str | bytes], str], ...] = (
    ([], "operation"),
    (["fetch"], "fetch"),
    (["Get", "k"], "Get"),
    (["--bogus", "get", "k"], "--bogus"),
    (["get", "k", "--bogus"], "--bogus"),
    (["get", "k", "--time=1"], "--time"),
    (["get"], "get"),
    (["get", "one", "two"], "two"),
    (["put", "k"], "put"),
    (["put", "k", "v", "stray"], "stray"),
    (["delete"], "delete"),
    (["delete", "one", "two"], "two"),
    (["inventory", "stray"], "stray"),
    (["health", "one", "two"], "two"),
    (["monitor", "one", "two"], "two"),
    (["kv-get"], "kv-get"),
    (["kv-put", "k"], "kv-put"),
    (["trade"], "trade"),
    (["trade", "hold:acme:1"], "hold:acme:1"),
    (["trade", "buy:acme"], "buy:acme"),
    (["trade", "query"], "query"),
    (["trade", "buy:acme:many"], "buy:acme:many"),
    (["trade", "buy:acme:"], "buy:acme:"),
    (["trade", "buy:acme:1.5"], "buy:acme:1.5"),
    (["trade", "buy:acme:1", "sell:acme:2147483648"], "sell:acme:2147483648"),
    (["trade", "sell:acme:-2147483649"], "sell:acme:-2147483649"),
    (["batch", "k=v", "neither"], "neither"),
    (["get", "k", "--count=1"], "--count"),
    (["monitor", "--count=-1"], "--count"),
    (["monitor", "--count=many"], "--count"),
    (["monitor", "--count=many", "--count=1"], "--count"),
    (["monitor", "--count"], "--count"),
    (["get", "k", "--server"], "--server"),
    (["get", "k", "--server="], "--server"),
    (["get", "k", "--server=127.0.0.1"], "--server"),
    (["get", "k", "--server=127.0.0.1:"], "--server"),
    (["get", "k", "--server=:50051"], "--server"),
    (["get", "k", "--server=127.0.0.1:0"], "--server"),
    (["get", "k", "--server=127.0.0.1:65536"], "--server"),
    (["get", "k", "--server=127.0.0.1:port"], "--server"),
    (["get", "k", "--server=here", "--server=127.0.0.1:1"], "--server"),
    (["get", "k", "--server=here", "--help"], "--server"),
    (["get", "k", "--timeout-seconds=-1"], "--timeout-seconds"),
    (["get", "k", "--timeout-seconds=-1", "--timeout-seconds=1"], "--timeout-seconds"),
    (["get", "k", "--timeout-seconds=soon"], "--timeout-seconds"),
    (["get", "k", "--max-receive-bytes=0"], "--max-receive-bytes"),
    (["--max-receive-bytes=x", "--max-receive-bytes=1", "--version"], "--max-receive-bytes"),
    (["get", "k", "--tls=yes"], "--tls"),
    (["get", "k", "--tls", "--ca-file=", "--ca-file=f"], "--ca-file"),
    (["get", "k", "--ca-file=f"], "--ca-file"),
    (["get", "k", "--cert-file=f", "--key-file=f"], "--cert-file"),
    (["get", "k", "--server-name=n"], "--server-name"),
    (["get", "k", "--tls", "--cert-file=f"], "--key-file"),
    (["get", "k", "--tls", "--key-file=f"], "--cert-file"),
    (["--session", "get", "k"], "get"),
    (["--session", "--server=127.0.0.1:1"], "--server"),
    (["--session", "--count=1"], "--count"),
    (["get", b"\xff"], "get"),
    (["put", b"k\xc3", "v"], "put"),
    (["batch", b"\xff=v"], "batch"),
    (["trade", b"buy:\xff:1"], "trade"),
)


def refused(of: Implementation, role: str, words: Sequence[str | bytes], named: str) -> None:
    """One line of reason that names what is wrong, then the usage; exit 2."""
    code, out, err = run(of, role, *words)
    assert (code, out) == (2, b""), err
    reason, usage, *_ = err.splitlines()
    assert named in reason
    assert usage.startswith(f"usage: stock_{role}"), err


def identify(words: object) -> str:
    """The name of a row: its arguments."""
    return repr(words) if not isinstance(words, str) else ""


@pytest.mark.parametrize(("words", "named"), SERVER, ids=identify)
def test_server(of: Implementation, words: Sequence[str], named: str) -> None:
    refused(of, "server", words, named)


@pytest.mark.parametrize(("words", "named"), CLIENT, ids=identify)
def test_client(of: Implementation, words: Sequence[str | bytes], named: str) -> None:
    refused(of, "client", words, named)


@pytest.mark.parametrize("role", ["server", "client"])
def test_version(of: Implementation, role: str) -> None:
    code, out, err = run(of, role, "--version")
    assert (code, err) == (0, "")
    program, version, language, *library = out.decode().removesuffix("\n").split(" ")
    assert (program, language) == (f"stock_{role}", of.language)
    assert version[0].isdigit()
    assert library
    assert out.count(b"\n") == 1


@pytest.mark.parametrize("role", ["server", "client"])
def test_help(of: Implementation, role: str) -> None:
    code, out, err = run(of, role, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: stock_{role} ".encode())
    for flag in ("--session", "--help", "--version", "--max-receive-bytes"):
        assert flag.encode() in out


@pytest.mark.parametrize("role", ["server", "client"])
@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_what_cannot_be_printed_is_exit_4(
    of: Implementation, role: str, words: Sequence[str]
) -> None:
    code, _, err = run(of, role, *words, shell=">/dev/full")
    assert code == 4
    assert err.count("\n") == 1, err


@pytest.mark.parametrize("role", ["server", "client"])
def test_where_a_runtime_opens_what_is_closed_it_is_no_fault(of: Implementation, role: str) -> None:
    """Some runtimes put `/dev/null` in the place of a closed stream before any code of ours runs."""
    code, _, err = run(of, role, "--version", shell=">&-")
    assert (code, err.count("\n")) in ((4, 1), (0, 0)), err


@pytest.mark.parametrize("role", ["server", "client"])
def test_where_no_reason_can_be_printed_the_exit_code_tells(of: Implementation, role: str) -> None:
    assert run(of, role, "--bogus", shell="2>/dev/full") == (2, b"", "")
