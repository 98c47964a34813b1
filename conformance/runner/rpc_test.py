"""Methods: every one of the protocol is there, with fields that the protocol's messages have."""

from conformance.runner.rpc import FIELDS, Rpc, Shape
from proto import session_pb2


def test_every_method_of_the_protocol_is_there() -> None:
    named = {f"RPC_{rpc.name}": rpc.value for rpc in Rpc}
    assert named | {"RPC_UNSPECIFIED": 0} == dict(session_pb2.Rpc.items())


def test_fields_exist_both_ways() -> None:
    for field in FIELDS.values():
        assert field in session_pb2.Request.DESCRIPTOR.fields_by_name
        assert field in session_pb2.Response.DESCRIPTOR.fields_by_name


def test_shapes() -> None:
    assert [rpc.shape for rpc in (Rpc.GET, Rpc.MONITOR, Rpc.BATCH, Rpc.TRADE)] == list(Shape)
    assert [rpc for rpc in Rpc if rpc.streams_requests] == [Rpc.BATCH, Rpc.TRADE]
