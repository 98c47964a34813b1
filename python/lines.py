"""The lines that operations print."""

from __future__ import annotations

from proto import stock_pb2
from python.program import one_line

_ESCAPES = {0x5C: "\\\\", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}
_CONTROL = {byte: _ESCAPES.get(byte, f"\\x{byte:02X}") for byte in (*range(0x20), 0x7F, 0x5C)}
# What `surrogateescape` makes of the bytes that are not UTF-8.
_UNDECODED = {0xDC00 + byte: f"\\x{byte:02X}" for byte in range(0x80, 0x100)}
_ESCAPED = _CONTROL | _UNDECODED


def event_line(event: stock_pb2.WatchEvent) -> str:
    """`TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs."""
    key = escape(event.key.encode())
    if event.type == stock_pb2.WatchEvent.DELETE:
        return f"{event.timestamp}\tDELETE\t{key}"
    return f"{event.timestamp}\tPUT\t{key}\t{escape(event.value)}"


def fill_line(fill: stock_pb2.TradeFill) -> str:
    """`ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs."""
    verdict = "ok" if fill.success else "rejected"
    symbol = escape(fill.symbol.encode())
    return f"{verdict}\t{symbol}\t{fill.quantity_filled}\t{one_line(fill.message)}"


def inventory_lines(status: stock_pb2.InventoryStatus) -> list[str]:
    """The totals, then the metadata by name."""
    return [
        f"items={status.total_items}",
        f"bytes={status.total_bytes}",
        f"uptime_seconds={status.uptime_seconds}",
        f"server_version={one_line(status.server_version)}",
        *(f"metadata.{one_line(k)}={one_line(v)}" for k, v in sorted(status.metadata.items())),
    ]


def summary_line(summary: stock_pb2.BatchSummary) -> str:
    """What became of a batch."""
    return (
        f"total={summary.total_items} successful={summary.successful} "
        f"failed={summary.failed} bytes={summary.bytes_written}"
    )


def escape(field: bytes) -> str:
    r"""Bytes fit for one field of a line.

    `\\`, `\n`, `\r`, `\t`, and `\xHH` for other bytes below 0x20, 0x7F, and bytes that are not UTF-8.
    """
    return field.decode(errors="surrogateescape").translate(_ESCAPED)
