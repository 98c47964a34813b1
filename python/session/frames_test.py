"""Frames: whole however they are cut, refused where they are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proto import session_pb2
from python.session.frames import FRAME_BYTES, Decoder, FrameError, encode


def frame(number: int) -> bytes:
    body = session_pb2.Command(id=number).SerializeToString()
    return len(body).to_bytes(4, "big") + body


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(1, 2**32 - 1), max_size=8), st.integers(1, 9))
def test_commands_come_whole_however_they_are_cut(numbers: list[int], size: int) -> None:
    stream = b"".join(map(frame, numbers))
    decoder = Decoder()
    chunks = [stream[begin : begin + size] for begin in range(0, len(stream), size)]
    assert [command.id for chunk in chunks for command in decoder.feed(chunk)] == numbers
    decoder.finish()


@pytest.mark.parametrize("stream", [b"\0", b"\0\0\0\x02\x08", frame(1) + b"\0\0\0"])
def test_half_a_frame_at_the_end_is_an_error(stream: bytes) -> None:
    decoder = Decoder()
    list(decoder.feed(stream))
    with pytest.raises(FrameError, match="ends within a frame"):
        decoder.finish()


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(FrameError, match=f"at most {FRAME_BYTES}"):
        list(Decoder().feed((FRAME_BYTES + 1).to_bytes(4, "big")))
    with pytest.raises(FrameError, match="does not decode"):
        list(Decoder().feed(b"\0\0\0\x01\xff"))


def test_an_event_is_one_frame() -> None:
    event = session_pb2.Event(stopped=session_pb2.Stopped(listener=7))
    body = event.SerializeToString()
    assert encode(event) == len(body).to_bytes(4, "big") + body
