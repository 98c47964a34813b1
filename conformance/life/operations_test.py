"""The operations of a client against the server of its language, as a person would type them."""

import socket
from collections.abc import Iterator

import pytest

from conformance.life.programs import PATIENT, Implementation, run, serve

INVALID = "INVALID_ARGUMENT: invalid key: 1 to 1024 bytes of UTF-8 without NUL\n"
LONGEST = "k" * 1024

# In this order: words, standard input, exit code, standard output, standard error.
STEPS = (
    (["get", "k"], b"", 69, b"", "NOT_FOUND: key not found: k\n"),
    (["put", "k", "v"], b"", 0, b"OK\n", ""),
    (["get", "k"], b"", 0, b"v\n", ""),
    (["kv-get", "k"], b"", 0, b"v\n", ""),
    (["kv-put", "k", "-"], bytes(range(256)), 0, b"OK\n", ""),
    (["get", "k"], b"", 0, bytes(range(256)) + b"\n", ""),
    (["put", "k", ""], b"", 0, b"OK\n", ""),
    (["get", "k"], b"", 0, b"\n", ""),
    (["delete", "k"], b"", 0, b"OK\n", ""),
    (["delete", "k"], b"", 69, b"", "NOT_FOUND: key not found: k\n"),
    (["kv-get", "k"], b"", 69, b"", "NOT_FOUND: key not found: k\n"),
    (["put", "", "v"], b"", 67, b"", INVALID),
    (["get", ""], b"", 67, b"", INVALID),
    (["put", LONGEST, "v"], b"", 0, b"OK\n", ""),
    (["put", LONGEST + "k", "v"], b"", 67, b"", INVALID),
    (["monitor", LONGEST + "k"], b"", 67, b"", INVALID),
    (["delete", LONGEST], b"", 0, b"OK\n", ""),
    (["put", "../a b/\u00e9*", "1"], b"", 0, b"OK\n", ""),
    (["get", "../a b/\u00e9*"], b"", 0, b"1\n", ""),
    (["put", "--", "--port", "-5"], b"", 0, b"OK\n", ""),
    (["get", "--", "--port"], b"", 0, b"-5\n", ""),
    (
        ["batch", "a=1", "b=22", "=no", "c=3=3"],
        b"",
        0,
        b"total=4 successful=3 failed=1 bytes=6\n",
        "",
    ),
    (["get", "c"], b"", 0, b"3=3\n", ""),
    (["batch"], b"\nd=\xff\0\n\na=4444", 0, b"total=2 successful=2 failed=0 bytes=6\n", ""),
    (["get", "d"], b"", 0, b"\xff\0\n", ""),
    (["batch"], b"", 0, b"total=0 successful=0 failed=0 bytes=0\n", ""),
    (
        ["trade", "buy:acme:5", "sell:acme:2", "query:acme", "sell:acme:4", "buy:acme:2147483647"],
        b"",
        0,
        b"ok\tacme\t5\tbought\nok\tacme\t2\tsold\nok\tacme\t3\tposition\n"
        b"rejected\tacme\t0\tinsufficient position: have 3, want 4\n"
        b"rejected\tacme\t0\tposition limit\n",
        "",
    ),
    (
        ["trade", "buy::1", "buy:a:b:1", "sell:x:-5", "query:acme"],
        b"",
        0,
        b"rejected\t\t0\tinvalid symbol\nok\ta:b\t1\tbought\n"
        b"rejected\tx\t0\tquantity must be positive\nok\tacme\t3\tposition\n",
        "",
    ),
    (["health"], b"", 0, b"SERVING\n", ""),
    (["health", "tofusoup.stock.Stock"], b"", 0, b"SERVING\n", ""),
    (["health", "proto.KV"], b"", 0, b"SERVING\n", ""),
)


@pytest.fixture(scope="module")
def endpoint(of: Implementation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server listens."""
    with serve(of, tmp_path_factory.mktemp("server")) as (_, listening):
        yield listening


def test_step_by_step(of: Implementation, endpoint: str) -> None:
    for words, stdin, code, out, err in STEPS:
        ended = run(of, "client", PATIENT, "--server", endpoint, *words, stdin=stdin)
        assert (words, *ended) == (words, code, out, err)


def test_a_service_that_is_not_there(of: Implementation, endpoint: str) -> None:
    code, out, err = run(of, "client", "health", "no.Such", PATIENT, "--server", endpoint)
    assert (code, out) == (69, b"")
    assert err.startswith("NOT_FOUND")


def test_inventory(of: Implementation, endpoint: str) -> None:
    code, out, err = run(of, "client", "inventory", PATIENT, "--server", endpoint)
    assert (code, err) == (0, "")
    lines = [line.split("=", 1) for line in out.decode().splitlines()]
    names = [name for name, _ in lines]
    assert names[:4] == ["items", "bytes", "uptime_seconds", "server_version"]
    assert names[4:] == sorted(names[4:])
    told = dict(lines)
    assert told["metadata.language"] == of.language
    assert told["metadata.security"] == "plaintext"
    for name in ("runtime", "library", "transport", "tls_stack"):
        assert told[f"metadata.{name}"]


@pytest.mark.parametrize(
    "words", [["get", "k"], ["monitor"], ["batch", "k=v"], ["trade", "query:k"]]
)
def test_nobody_listens(of: Implementation, words: list[str]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        at = f"127.0.0.1:{closed.getsockname()[1]}"
        code, out, err = run(of, "client", *words, PATIENT, "--server", at)
    assert (code, out) == (78, b"")
    assert err.startswith("UNAVAILABLE: ")
    assert err.count("\n") == 1


def test_a_directive_means_nothing_by_default(of: Implementation, endpoint: str) -> None:
    """Without `--conformance` a request's directive is metadata like any other."""
    import grpc

    from proto import session_pb2, stock_pb2, stock_pb2_grpc

    failing = session_pb2.Directive(fail=session_pb2.Fail(code=9, message="told to"))
    for directive in (failing.SerializeToString(), b"\xff"):
        with grpc.insecure_channel(endpoint, [("grpc.enable_http_proxy", 0)]) as channel:
            stub = stock_pb2_grpc.StockStub(channel)
            metadata = (("stock-directive-bin", directive),)
            stub.Put(stock_pb2.PutRequest(key="directed"), metadata=metadata, timeout=30)
