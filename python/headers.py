"""Metadata between the library and the messages of sessions."""

from __future__ import annotations

from collections.abc import Iterable

from proto import session_pb2

DETAILS_KEY = "grpc-status-details-bin"


def pairs(entries: session_pb2.Metadata) -> tuple[tuple[str, str | bytes], ...]:
    """Metadata as the library takes it."""
    return tuple(
        (entry.name, entry.value if entry.name.endswith("-bin") else entry.value.decode("latin-1"))
        for entry in entries.entries
    )


def metadata(entries: Iterable[tuple[str, str | bytes]]) -> session_pb2.Metadata:
    """Metadata as the library gives it, as a message."""
    return session_pb2.Metadata(
        entries=[
            session_pb2.Header(
                name=name, value=value if isinstance(value, bytes) else value.encode()
            )
            for name, value in entries
        ]
    )
