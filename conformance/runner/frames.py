"""The session protocol's framing: a 4-byte big-endian length, then one message."""

from typing import Final

MAX_FRAME_BYTES: Final = 16_777_216


class FrameError(Exception):
    """The bytes are no frames of the session protocol."""


def frame(message: bytes) -> bytes:
    """A message as a frame; FrameError where it is over 16 MiB."""
    if len(message) > MAX_FRAME_BYTES:
        raise FrameError(f"a frame of {len(message)} bytes is over {MAX_FRAME_BYTES}")
    return len(message).to_bytes(4, "big") + message


class FrameReader:
    """Cuts a byte stream into messages, however the chunks fall."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._needed = 4

    @property
    def pending(self) -> int:
        """Bytes of a frame that has not come whole yet."""
        return len(self._rest)

    def feed(self, chunk: bytes) -> list[bytes]:
        """All messages that are whole with this chunk; FrameError where one is over 16 MiB."""
        if self._rest:
            self._rest += chunk
            # A long frame comes in many chunks: look at it again only when it is whole.
            if len(self._rest) < self._needed:
                return []
            chunk = bytes(self._rest)
            self._rest.clear()
        messages: list[bytes] = []
        start, size = 0, len(chunk)
        self._needed = 4
        while size - start >= 4:
            length = int.from_bytes(chunk[start : start + 4], "big")
            if length > MAX_FRAME_BYTES:
                raise FrameError(f"a frame of {length} bytes is over {MAX_FRAME_BYTES}")
            end = start + 4 + length
            if end > size:
                self._needed = 4 + length
                break
            messages.append(chunk[start + 4 : end])
            start = end
        self._rest += chunk[start:]
        return messages
