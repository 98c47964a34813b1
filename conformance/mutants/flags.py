"""A relay that takes the Compressed-Flag from every request: what a server does that never looks at it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from conformance.runner.ends import Endpoint
from conformance.runner.relay import Legs, Relay, Transform

# What a client sends before its first frame, and the head of a frame: length, type, flags, stream
# (RFC 9113 sections 3.4 and 4.1).
_PREFACE_BYTES: Final = 24
_HEAD_BYTES: Final = 9
_DATA: Final = 0
# Compressed-Flag and Message-Length (PROTOCOL-HTTP2.md).
_PREFIX_BYTES: Final = 5


@dataclass(slots=True)
class _Place:
    """Where in its messages a stream is."""

    prefix: bytearray = field(default_factory=bytearray)
    # Bytes of the message that are still to come.
    left: int = 0

    def clear(self, data: bytearray) -> None:
        """Clears the flags of the messages that begin in some data."""
        at = 0
        while at < len(data):
            if self.left:
                step = min(self.left, len(data) - at)
                self.left -= step
            else:
                if not self.prefix:
                    data[at] = 0
                step = min(_PREFIX_BYTES - len(self.prefix), len(data) - at)
                self.prefix += data[at : at + step]
                if len(self.prefix) == _PREFIX_BYTES:
                    self.left = int.from_bytes(self.prefix[1:], "big")
                    self.prefix.clear()
            at += step


class _Requests:
    """A connection's requests. Their data has no padding: gRPC's clients send none."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._need = _PREFACE_BYTES
        self._streams: defaultdict[bytes, _Place] = defaultdict(_Place)

    def unflagged(self, data: bytes) -> bytes:
        """What is whole of the frames so far and was not given yet."""
        self._rest += data
        whole = self._rest[: self._need] if len(self._rest) >= self._need else bytearray()
        del self._rest[: len(whole)]
        if whole:
            self._need = 0
        while not self._need and len(self._rest) >= _HEAD_BYTES:
            end = _HEAD_BYTES + int.from_bytes(self._rest[:3], "big")
            if len(self._rest) < end:
                break
            head, body = self._rest[:_HEAD_BYTES], self._rest[_HEAD_BYTES:end]
            if head[3] == _DATA:
                self._streams[bytes(head[5:])].clear(body)
            whole += head + body
            del self._rest[:end]
        return bytes(whole)


class UnflaggingRelay(Relay):
    """In plaintext, before a listener."""

    def __init__(self, to: Endpoint) -> None:
        super().__init__(to, Legs())

    def transforms(self) -> tuple[Transform, Transform]:
        """Takes the flags of requests only."""
        return _Requests().unflagged, bytes
