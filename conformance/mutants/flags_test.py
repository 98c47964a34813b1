"""What the relay of a server that never looks at the Compressed-Flag makes of a client's bytes."""

import pytest

from conformance.mutants.flags import UnflaggingRelay
from conformance.runner.ends import Endpoint

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind: int, stream: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "big") + bytes([kind, 0]) + stream.to_bytes(4, "big") + body


def message(flag: int, data: bytes) -> bytes:
    return bytes([flag]) + len(data).to_bytes(4, "big") + data


def connection(flag: int) -> bytes:
    """Two streams; a message that ends in another frame, and a prefix that does."""
    first = message(flag, b"\1\1\1")
    second = message(flag, b"\1")
    return PREFACE + b"".join(
        (
            frame(1, 1, b"\1headers"),
            frame(0, 1, first[:6]),
            frame(0, 3, message(0, b"\1\1") + message(flag, b"")),
            frame(0, 1, first[6:] + second[:2]),
            frame(0, 1, second[2:]),
        )
    )


@pytest.mark.parametrize("size", [1, 5, 1 << 16])
def test_only_the_flags_are_cleared(size: int) -> None:
    forth, back = UnflaggingRelay(Endpoint("127.0.0.1", 1, 0)).transforms()
    data = connection(flag=1)
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    assert b"".join(map(forth, pieces)) == connection(flag=0)
    assert back(data) == data
