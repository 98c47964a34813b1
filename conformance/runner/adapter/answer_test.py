"""Answers: what operations print is read back, and what no contract knows is named."""

import pytest

from conformance.runner.adapter.answer import AnswerError, event, responses, status
from conformance.runner.rpc import FIELDS, Rpc
from conformance.runner.status_code import Code
from proto import kv_pb2, stock_pb2


def read(rpc: Rpc, out: bytes) -> list[object]:
    """The messages that an output tells."""
    return [getattr(response, FIELDS[rpc]) for response in responses(rpc, out)]


@pytest.mark.parametrize(
    ("rpc", "out", "expected"),
    [
        (Rpc.GET, b"a\nb\0\n", [stock_pb2.GetResponse(value=b"a\nb\0")]),
        (Rpc.GET, b"\n", [stock_pb2.GetResponse()]),
        (Rpc.KV_GET, b"v\n", [kv_pb2.GetResponse(value=b"v")]),
        (Rpc.PUT, b"OK\n", [stock_pb2.Empty()]),
        (Rpc.KV_PUT, b"OK\n", [kv_pb2.Empty()]),
        (
            Rpc.BATCH,
            b"total=3 successful=2 failed=1 bytes=12\n",
            [stock_pb2.BatchSummary(total_items=3, successful=2, failed=1, bytes_written=12)],
        ),
        (Rpc.TRADE, b"", []),
        (
            Rpc.TRADE,
            b"ok\ta\\tb\t5\tbought\nrejected\t\t0\tinvalid symbol\n",
            [
                stock_pb2.TradeFill(
                    success=True, symbol="a\tb", quantity_filled=5, message="bought"
                ),
                stock_pb2.TradeFill(message="invalid symbol"),
            ],
        ),
        (
            Rpc.INVENTORY,
            b"items=1\nbytes=2\nuptime_seconds=3\nserver_version=v\nmetadata.a=b=c\n",
            [
                stock_pb2.InventoryStatus(
                    total_items=1,
                    total_bytes=2,
                    uptime_seconds=3,
                    server_version="v",
                    metadata={"a": "b=c"},
                )
            ],
        ),
    ],
)
def test_what_an_operation_prints(rpc: Rpc, out: bytes, expected: list[object]) -> None:
    assert read(rpc, out) == expected


@pytest.mark.parametrize(
    ("rpc", "out"),
    [
        (Rpc.GET, b"no line feed"),
        (Rpc.GET, b""),
        (Rpc.PUT, b"ok\n"),
        (Rpc.BATCH, b"total=3\n"),
        (Rpc.TRADE, b"ok\ta\t5\n"),
        (Rpc.TRADE, b"perhaps\ta\t5\tm\n"),
        (Rpc.TRADE, b"ok\ta\t5\tm"),
        (Rpc.INVENTORY, b"items=1\n"),
        (Rpc.MONITOR, b"1\tPUT\tk\n"),
        (Rpc.MONITOR, b"1\tMOVE\tk\n"),
    ],
)
def test_what_no_contract_knows_is_an_error(rpc: Rpc, out: bytes) -> None:
    with pytest.raises(AnswerError, match=f"printed .* for {rpc.name}"):
        responses(rpc, out)


def test_events() -> None:
    put = event(b"5\tPUT\t\\\\\\n\\x01\t\\xff\n").monitor
    assert (put.timestamp, put.type, put.key, put.value) == (5, 0, "\\\n\x01", b"\xff")
    delete = event(b"6\tDELETE\tk\n").monitor
    assert (delete.timestamp, delete.type, delete.key) == (6, 1, "k")


def test_statuses() -> None:
    assert status(Rpc.GET, 0, b"v\n", b"a warning\n").code == Code.OK
    ended = status(Rpc.GET, 69, b"", b"a warning\nNOT_FOUND: key not found: a\\nb\n")
    assert (ended.code, ended.message) == (Code.NOT_FOUND, "key not found: a\nb")
    assert status(Rpc.TRADE, 78, b"ok\ta\t1\tbought\n", b"UNAVAILABLE\n").message == ""


@pytest.mark.parametrize(
    ("code", "out", "err", "message"),
    [
        (4, b"", b"first\nlast\n", "exited with 4 and said 'last'"),
        (2, b"", b"bad flag\nusage: x\n", "exited with 2 and said 'bad flag'"),
        (1, b"", b"", "exited with 1$"),
        (69, b"v\n", b"NOT_FOUND: k\n", "printed b'v\\\\n' for a call that failed"),
        (69, b"", b"UNAVAILABLE: k\n", "exited with 69, which is NOT_FOUND, and said 'UNAVAIL"),
        (69, b"", b"", "exited with 69, which is NOT_FOUND, and said ''"),
    ],
)
def test_an_end_that_no_contract_knows(code: int, out: bytes, err: bytes, message: str) -> None:
    with pytest.raises(AnswerError, match=message):
        status(Rpc.GET, code, out, err)
