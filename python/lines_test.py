"""The lines that operations print: one line each, whatever a key holds."""

import pytest

from proto import stock_pb2
from python.lines import escape, event_line, fill_line, inventory_lines, summary_line
from python.program import one_line


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"plain \xc3\xa9", "plain é"),
        (b"\\\n\r\t", r"\\\n\r\t"),
        (b"\x00\x1f\x7f", r"\x00\x1F\x7F"),
        (b"\xff\xc3(", r"\xFF\xC3("),
        ("\udcff".encode("utf-8", "surrogatepass"), r"\xED\xB3\xBF"),
    ],
)
def test_fields_are_escaped(field: bytes, expected: str) -> None:
    assert escape(field) == expected


def test_each_message_is_a_line() -> None:
    put = stock_pb2.WatchEvent(key="a\tb", value=b"\n", timestamp=7)
    delete = stock_pb2.WatchEvent(type=stock_pb2.WatchEvent.DELETE, key="k", timestamp=8)
    fill = stock_pb2.TradeFill(success=True, symbol="x\n", quantity_filled=5, message="bought")
    refused = stock_pb2.TradeFill(symbol="", message="invalid\nsymbol")
    summary = stock_pb2.BatchSummary(total_items=3, successful=2, failed=1, bytes_written=9)
    assert event_line(put) == "7\tPUT\ta\\tb\t\\n"
    assert event_line(delete) == "8\tDELETE\tk"
    assert fill_line(fill) == "ok\tx\\n\t5\tbought"
    assert fill_line(refused) == "rejected\t\t0\tinvalid\\nsymbol"
    assert summary_line(summary) == "total=3 successful=2 failed=1 bytes=9"


def test_inventory_is_sorted_and_a_line_each() -> None:
    status = stock_pb2.InventoryStatus(
        total_items=1, server_version="1\n2", metadata={"b": "x", "a": "y\nz"}
    )
    assert inventory_lines(status) == [
        "items=1",
        "bytes=0",
        "uptime_seconds=0",
        "server_version=1\\n2",
        "metadata.a=y\\nz",
        "metadata.b=x",
    ]


def test_one_line_is_one_line() -> None:
    assert one_line("a\r\nb") == "a\\r\\nb"
