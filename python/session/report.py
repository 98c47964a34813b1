"""Collects what a call's library gave until it is written: what is ready together travels together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

import grpc

from proto import session_pb2
from python.headers import DETAILS_KEY, metadata
from python.session.output import Writer

# Responses' bytes at which a frame is full and the next one begins; far below the largest frame.
_FRAME_BYTES = 1 << 20

Pairs = Iterable[tuple[str, str | bytes]]


class Report:
    """What one call gave and has not been written. Safe for threads."""

    def __init__(self, call: int, writer: Writer) -> None:
        self._call = call
        self._writer = writer
        self._started = time.monotonic_ns()
        self._lock = threading.Lock()
        self._frames: list[session_pb2.Event] = []
        self._bytes = 0

    def headers(self, initial: Pairs) -> None:
        """Adds the initial metadata."""
        headers = metadata(initial)
        self._add(lambda events: events.headers.CopyFrom(headers))

    def response(self, response: session_pb2.Response) -> None:
        """Adds a response."""
        self._add(lambda events: events.responses.append(response), response.ByteSize())

    def status(self, code: grpc.StatusCode, message: str, trailing: Pairs, unsent: int = 0) -> None:
        """Adds how the call ended."""
        status = status_of(code, message, trailing, unsent)
        self._add(lambda events: events.status.CopyFrom(status))

    def unary(
        self,
        headers: Pairs | None,
        response: session_pb2.Response | None,
        status: session_pb2.Status,
    ) -> None:
        """Adds everything that a unary call gives, for one frame."""
        events = session_pb2.Events(
            headers=None if headers is None else metadata(headers),
            responses=() if response is None else (response,),
            status=status,
        )
        self._add(lambda last: last.MergeFrom(events))

    def _add(self, fill: Callable[[session_pb2.Events], object], size: int = 0) -> None:
        with self._lock:
            first = not self._frames
            if first or self._bytes >= _FRAME_BYTES:
                self._frames.append(session_pb2.Event(events=session_pb2.Events(call=self._call)))
                self._bytes = 0
            self._bytes += size
            last = self._frames[-1].events
            fill(last)
            last.at_ns = time.monotonic_ns() - self._started
        if first:
            self._writer.push(self._take)

    def _take(self) -> list[session_pb2.Event]:
        with self._lock:
            frames, self._frames = self._frames, []
            return frames


def status_of(
    code: grpc.StatusCode, message: str, trailing: Pairs, unsent: int = 0
) -> session_pb2.Status:
    """How a call ended."""
    pairs = tuple(trailing)
    details = next((value for name, value in pairs if name == DETAILS_KEY), b"")
    return session_pb2.Status(
        code=code.value[0],
        message=message.encode(errors="replace").decode(),  # a peer may send any bytes
        trailers=metadata(pair for pair in pairs if pair[0] != DETAILS_KEY),
        details=details if isinstance(details, bytes) else details.encode(),
        unsent=unsent,
    )
