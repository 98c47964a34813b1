"""What a tap makes of the bytes of a connection, in whatever pieces they come."""

import pytest
from hpack import Encoder
from hyperframe.frame import ContinuationFrame, DataFrame, HeadersFrame, SettingsFrame

from conformance.stock.wire import Flow, Message, Sent, plain
from proto import stock_pb2

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEADERS = [(":path", "/a/b"), ("grpc-encoding", "gzip"), ("x-call", "one")]


def connection() -> bytes:
    """Two calls: one in gzip whose second message stands in two frames, one with nothing but headers."""
    encoder = Encoder()
    block = encoder.encode(HEADERS)
    split = Message(False, b"second").framed
    frames = [
        SettingsFrame(0),
        HeadersFrame(1, data=block[:5]),
        ContinuationFrame(1, data=block[5:], flags=["END_HEADERS"]),
        DataFrame(1, data=Message(True, b"first").framed + split[:3]),
        HeadersFrame(3, data=encoder.encode([("x-call", "two")]), flags=["END_HEADERS"]),
        DataFrame(1, data=split[3:], pad_length=4, flags=["PADDED"]),
        DataFrame(1, data=Message(True, b"").framed),
        HeadersFrame(1, data=encoder.encode([("grpc-status", "0")]), flags=["END_HEADERS"]),
    ]
    return PREFACE + b"".join(frame.serialize() for frame in frames)


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_calls_of_a_connection(size: int) -> None:
    data = connection()
    flow = Flow(PREFACE)
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    assert b"".join(map(flow.read, pieces)) == data
    assert not flow.fault
    one, two = flow.calls[1], flow.calls[3]
    assert one.blocks == [dict(HEADERS), {"grpc-status": "0"}]
    assert one.encoding == "gzip"
    assert one.messages == [
        Message(True, b"first"),
        Message(False, b"second"),
        Message(True, b""),
    ]
    assert (two.blocks, two.encoding, two.messages) == ([{"x-call": "two"}], "identity", [])


def test_what_is_no_http2_is_carried_on_all_the_same() -> None:
    flow = Flow()
    wrong = HeadersFrame(1, data=b"\xff\xff\xff\xff\xff\xff\xff\xff", flags=["END_HEADERS"])
    assert flow.read(wrong.serialize()) == wrong.serialize()
    assert flow.fault
    assert flow.read(b"more") == b"more"


def test_nothing_sent_is_no_encoding() -> None:
    assert (Sent().headers, Sent().encoding) == ({}, "identity")


def test_a_message_is_framed() -> None:
    request = plain(stock_pb2.PutRequest(key="k"))
    assert request.framed == b"\0\0\0\0\x03\x0a\x01k"
    assert Message(True, b"").framed == b"\x01\0\0\0\0"
