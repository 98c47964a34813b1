"""What a client prints of what it is told, to the byte, and how it ends."""

import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import grpc
import pytest

from conformance.life import peer as peers
from conformance.life.peer import ODD, Peer
from conformance.life.programs import PATIENCE, PATIENT, Implementation, run, start

ODD_KEY_LINE = "a\\tb\\nc\\rd\\\\e\\x01\\x7Fé\U0001f34e"
ODD_LINE = (
    "".join({9: "\\t", 10: "\\n", 13: "\\r"}.get(n, f"\\x{n:02X}") for n in range(0x20))
    + "\\\\ \\x7F\\xFFé\U0001f34e₀"
)
EVENT_LINES = (
    "1\tPUT\tk\tv\n"
    "2\tPUT\tempty\t\n"
    "3\tDELETE\tk\n"
    f"9223372036854775807\tPUT\t{ODD_KEY_LINE}\t{ODD_LINE}\n"
)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Peer, str]]:
    """A peer and its endpoint."""
    with peers.serve() as serving:
        yield serving


@pytest.fixture
def peer(served: tuple[Peer, str]) -> Peer:
    """The peer, which has not been asked anything yet."""
    served[0].asked = type(served[0].asked)()
    return served[0]


# Words, exit code, standard output, and what standard error is.
HEARD = (
    (["get", "k"], 0, ODD + b"\n", ""),
    (["kv-get", "k"], 0, ODD + b"\n", ""),
    (["put", "k", "v"], 0, b"OK\n", ""),
    (["kv-put", "k", "v"], 0, b"OK\n", ""),
    (["delete", "k"], 0, b"OK\n", ""),
    (["batch", "k=v"], 0, b"total=4 successful=3 failed=1 bytes=5000000000\n", ""),
    (["monitor", "ends"], 0, EVENT_LINES.encode(), ""),
    (["monitor", "--count", "4"], 0, EVENT_LINES.encode(), ""),
    (["monitor", "--count=1"], 0, b"1\tPUT\tk\tv\n", ""),
    (["monitor", "fails"], 64 + 15, EVENT_LINES.encode(), "DATA_LOSS: gone\n"),
    (
        ["trade", "buy:acme:5", "sell:a:b:-7", "query:\t\\"],
        0,
        b"ok\tacme\t5\ta message\nrejected\ta:b\t0\ta message\nok\t\\t\\\\\t0\ta message\n",
        "",
    ),
    (
        ["trade", "buy:acme:2147483647", "query:DROP"],
        64 + 10,
        b"ok\tacme\t2147483647\ta message\n",
        "ABORTED: dropped\n",
    ),
    (
        ["inventory"],
        0,
        b"items=1\nbytes=5000000000\nuptime_seconds=3\nserver_version=1.2.3\n"
        b"metadata.B=upper\nmetadata.a=first = 1\nmetadata.b=\nmetadata.z=last\n",
        "",
    ),
    (["health"], 0, b"SERVING\n", ""),
    (["health", "NOT_SERVING"], 1, b"NOT_SERVING\n", ""),
    (["health", "SERVICE_UNKNOWN"], 1, b"SERVICE_UNKNOWN\n", ""),
    (["health", "UNKNOWN"], 1, b"UNKNOWN\n", ""),
)


@pytest.mark.parametrize(("words", "code", "out", "err"), HEARD, ids=str)
def test_what_is_heard_is_printed(
    of: Implementation,
    served: tuple[Peer, str],
    words: Sequence[str],
    code: int,
    out: bytes,
    err: str,
) -> None:
    assert run(of, "client", *words, "--server", served[1], PATIENT) == (code, out, err)


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code.value[0]])
def test_every_status_is_one_line(
    of: Implementation, served: tuple[Peer, str], code: grpc.StatusCode
) -> None:
    number: int = code.value[0]
    ended = run(of, "client", "get", str(number), "--server", served[1], PATIENT)
    assert ended == (64 + number, b"", f"{code.name}: two\\nlines\n")


# Words, standard input, and what the peer is asked.
ASKED: tuple[tuple[Sequence[str | bytes], bytes, tuple[str, object] | None], ...] = (
    (["monitor", "--count=1"], b"", ("Monitor", "")),
    (["monitor", "*", "--count=1"], b"", ("Monitor", "")),
    (["monitor", "a*", "--count=1"], b"", ("Monitor", "a")),
    (["monitor", "a**", "--count=1"], b"", ("Monitor", "a*")),
    (["monitor", "*a", "--count=1"], b"", ("Monitor", "*a")),
    (["put", "k", "-"], b"\0\xff\n", ("Put", ("k", b"\0\xff\n"))),
    (["put", "k", "-"], b"", ("Put", ("k", b""))),
    (["put", "k", b"\xff\xfe"], b"", ("Put", ("k", b"\xff\xfe"))),
    (["put", "-5", ""], b"", ("Put", ("-5", b""))),
    (["put", "", "--"], b"", None),
    (["put", "--", "--tls", "--"], b"", ("Put", ("--tls", b"--"))),
    (["--timeout-seconds", "60", "put", "--count=1", "k"], b"", None),
    (
        ["put", "--timeout-seconds=60", "k", "--timeout-seconds", "9.5", "v"],
        b"",
        ("Put", ("k", b"v")),
    ),
    (["kv-put", "k", "-"], b"value", ("Put", ("k", b"value"))),
    (["put", "e\u0301", "v"], b"", ("Put", ("e\u0301", b"v"))),
    (["batch", "k=v", "=", "a==b"], b"", ("Batch", [("k", b"v"), ("", b""), ("a", b"=b")])),
    (["batch", b"k=\xff"], b"", ("Batch", [("k", b"\xff")])),
    (["batch"], b"", ("Batch", [])),
    (["batch"], b"\n\na=1\n\nb=\xff\xfe", ("Batch", [("a", b"1"), ("b", b"\xff\xfe")])),
    (["trade", "buy:a:b:3"], b"", ("Trade", (0, "a:b", 3))),
    (["trade", "buy::3"], b"", ("Trade", (0, "", 3))),
    (["trade", "sell:a:-2147483648"], b"", ("Trade", (1, "a", -(2**31)))),
    (["trade", "query:a:b"], b"", ("Trade", (2, "a:b", 0))),
)


@pytest.mark.parametrize(("words", "stdin", "asked"), ASKED, ids=str)
def test_what_is_given_is_asked(
    of: Implementation,
    peer: Peer,
    served: tuple[Peer, str],
    words: Sequence[str | bytes],
    stdin: bytes,
    asked: tuple[str, object] | None,
) -> None:
    words = [PATIENT, f"--server={served[1]}", *words]
    ended = run(of, "client", *words, stdin=stdin)
    if asked is None:
        assert ended.code == 2
        assert peer.asked.empty()
    else:
        assert (ended.code, ended.err) == (0, "")
        assert peer.asked.get(timeout=PATIENCE) == asked


@pytest.mark.parametrize(
    ("words", "longest"),
    [
        ([], 5.0),
        (["--timeout-seconds=0"], None),
        (["--timeout-seconds=0.0"], None),
        (["--timeout-seconds=900.5"], 900.5),
    ],
)
def test_the_deadline_of_a_call(
    of: Implementation,
    peer: Peer,
    served: tuple[Peer, str],
    words: Sequence[str],
    longest: float | None,
) -> None:
    # Whether it is answered in time is no matter here.
    run(of, "client", "get", "k", "--server", served[1], *words)
    _, left = peer.asked.get(timeout=PATIENCE)
    # grpcio says so of a call without a deadline.
    left = None if left is not None and left > 1e9 else left
    assert (left is None) == (longest is None)
    if left is not None and longest is not None:
        # A library may round it up, and something passes until it is read.
        assert longest / 2 < left < longest + 1.0


@pytest.mark.parametrize("words", [["get", "never"], ["monitor", "open"]])
def test_a_deadline_ends_a_call(
    of: Implementation, served: tuple[Peer, str], words: Sequence[str]
) -> None:
    code, _, err = run(of, "client", *words, "--timeout-seconds=0.5", "--server", served[1])
    assert code == 64 + 4
    assert err.startswith("DEADLINE_EXCEEDED: ")
    assert err.count("\n") == 1


def test_a_message_over_the_limit(of: Implementation, served: tuple[Peer, str]) -> None:
    limit = ("--max-receive-bytes=4000", PATIENT)
    code, out, err = run(of, "client", "get", "big", "--server", served[1], *limit)
    assert (code, out, err.partition(":")[0]) == (64 + 8, b"", "RESOURCE_EXHAUSTED")
    # Of the frames that come after, no library tells anything.
    assert err.count("\n") == 1
    assert run(of, "client", "get", "k", "--server", served[1], *limit).code == 0


@pytest.mark.parametrize("words", [["get", "never"], ["monitor"]])
def test_an_interrupt_is_130(
    of: Implementation, peer: Peer, served: tuple[Peer, str], tmp_path: Path, words: list[str]
) -> None:
    patient = ("--timeout-seconds=0", "--server", served[1])
    with start(of, "client", tmp_path, *words, *patient) as client:
        peer.asked.get(timeout=PATIENCE)
        if words == ["monitor"]:
            # A line is there for others as soon as its event is.
            for line in EVENT_LINES.splitlines():
                assert client.line() == line
        client.signal(signal.SIGINT)
        assert client.wait() == 130
        assert (client.rest(), client.log) == (b"", "")


@pytest.mark.parametrize("words", [["get", "k"], ["put", "k", "v"], ["monitor"], ["inventory"]])
def test_what_cannot_be_printed_is_exit_4(
    of: Implementation, served: tuple[Peer, str], words: Sequence[str]
) -> None:
    code, _, err = run(of, "client", *words, "--server", served[1], PATIENT, shell=">/dev/full")
    assert code == 4
    assert err.count("\n") == 1, err


def test_nobody_reads_what_monitor_prints(
    of: Implementation, served: tuple[Peer, str], tmp_path: Path
) -> None:
    with start(of, "client", tmp_path, "monitor", "ends", "--server", served[1], PATIENT) as client:
        client.stop_reading()
        assert client.wait() == 4
        assert client.log.count("\n") == 1, client.log
