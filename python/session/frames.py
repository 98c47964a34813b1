"""Frames of the session protocol: 4 bytes of length, big-endian, then one message."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.message import DecodeError

from proto import session_pb2

FRAME_BYTES = 16 * 1024 * 1024
_HEAD = 4


class FrameError(Exception):
    """Standard input is not a stream of frames; the text is one line for a person."""


def encode(event: session_pb2.Event) -> bytes:
    """One frame."""
    body = event.SerializeToString()
    return len(body).to_bytes(_HEAD, "big") + body


class Decoder:
    """Commands out of chunks of bytes, however these are cut."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, chunk: bytes) -> Iterator[session_pb2.Command]:
        """The commands that `chunk` completes. Raises FrameError."""
        self._rest += chunk
        while (body := self._next_body()) is not None:
            try:
                yield session_pb2.Command.FromString(body)
            except DecodeError:
                raise FrameError("a frame does not decode as a Command") from None

    def finish(self) -> None:
        """To be called at the end of the input. Raises FrameError in the middle of a frame."""
        if self._rest:
            raise FrameError("standard input ends within a frame")

    def _next_body(self) -> bytes | None:
        if len(self._rest) < _HEAD:
            return None
        size = int.from_bytes(self._rest[:_HEAD], "big")
        if size > FRAME_BYTES:
            raise FrameError(f"a frame of {size} bytes; at most {FRAME_BYTES}")
        end = _HEAD + size
        if len(self._rest) < end:
            return None
        body = bytes(self._rest[_HEAD:end])
        del self._rest[:end]
        return body
