"""Frames: however the chunks fall, the messages are the same."""

import pytest

from conformance.runner.frames import MAX_FRAME_BYTES, FrameError, FrameReader, frame

MESSAGES = [b"", b"a", b"bb" * 300, b"\x00\x00\x00\x01"]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 100, 10_000])
def test_any_chunks_give_the_same_messages(size: int) -> None:
    stream = b"".join(map(frame, MESSAGES))
    reader = FrameReader()
    chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert [message for chunk in chunks for message in reader.feed(chunk)] == MESSAGES
    assert reader.pending == 0


def test_a_part_is_pending() -> None:
    reader = FrameReader()
    assert reader.feed(frame(b"one") + frame(b"two")[:-1]) == [b"one"]
    assert reader.pending == 6
    assert reader.feed(b"o") == [b"two"]


def test_a_frame_of_the_limit_is_read() -> None:
    reader = FrameReader()
    assert reader.feed(frame(bytes(MAX_FRAME_BYTES))) == [bytes(MAX_FRAME_BYTES)]


def test_a_frame_over_the_limit_is_refused_both_ways() -> None:
    with pytest.raises(FrameError, match="16777217 bytes is over 16777216"):
        FrameReader().feed((MAX_FRAME_BYTES + 1).to_bytes(4, "big"))
    with pytest.raises(FrameError, match="is over"):
        frame(bytes(MAX_FRAME_BYTES + 1))
