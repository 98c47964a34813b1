"""grpcurl: what there is to call, by reflection, and calls of every shape."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from google.protobuf import descriptor_pb2

from conformance.life.programs import PATIENCE, Ended, Implementation
from conformance.referees.calls import (
    CALLS,
    EVENTS,
    KV,
    METHODS,
    SERVICES,
    STOCK,
    WATCHED,
    Message,
    growth,
    inventory_is,
    messages,
    untimed,
)
from conformance.referees.listening import Listening, listen
from conformance.referees.referee import Referee, next_message
from conformance.runner.config import Security
from conformance.runner.status_code import Code
from proto import kv_pb2, stock_pb2

_OURS: Final = (stock_pb2.DESCRIPTOR, kv_pb2.DESCRIPTOR)

_KV_DESCRIBED: Final = b"""\
proto.KV is a service:
service KV {
  rpc Get ( .proto.GetRequest ) returns ( .proto.GetResponse );
  rpc Put ( .proto.PutRequest ) returns ( .proto.Empty );
}
"""


@pytest.fixture(scope="module")
def grpcurl(tmp_path_factory: pytest.TempPathFactory) -> Referee:
    """The program."""
    return Referee("grpcurl", tmp_path_factory.mktemp("grpcurl"))


def flags(server: Listening) -> list[str]:
    """How it reaches a server, and how long it tries."""
    secured = server.flags("-plaintext", ca="-cacert", cert="-cert", key="-key")
    return [*secured, f"-connect-timeout={PATIENCE}", f"-max-time={PATIENCE}"]


def call(grpcurl: Referee, server: Listening, method: str, data: str = "") -> Ended:
    """A call; its requests go in by standard input."""
    return grpcurl.run(*flags(server), "-d=@", server.endpoint, method, stdin=data)


def failure(code: Code, message: str) -> str:
    """How it tells a status that is not OK."""
    name = code.name.title().replace("_", "")
    return f"ERROR:\n  Code: {name}\n  Message: {message}\n"


def symbols() -> Iterator[str]:
    """Every service, method, message and enum of Stock and KV."""
    for file in _OURS:
        for service in file.services_by_name.values():
            yield service.full_name
            yield from (method.full_name for method in service.methods)
        for message in file.message_types_by_name.values():
            yield message.full_name
            yield from (enum.full_name for enum in message.enum_types)


def test_list(grpcurl: Referee, server: Listening) -> None:
    """The services are those that the service's page names, and their methods."""
    listed = grpcurl.run(*flags(server), server.endpoint, "list")
    assert listed == (0, "".join(f"{name}\n" for name in SERVICES).encode(), "")
    for service, methods in METHODS.items():
        listed = grpcurl.run(*flags(server), server.endpoint, "list", service)
        assert listed == (0, "".join(f"{service}.{name}\n" for name in methods).encode(), "")


@pytest.mark.parametrize("server", [Security.PLAINTEXT], indirect=True, ids=str)
def test_describe(grpcurl: Referee, server: Listening, tmp_path: Path) -> None:
    """Each service, method, message and enum is described as from the protos."""
    protos = descriptor_pb2.FileDescriptorSet()
    for file in _OURS:
        file.CopyToProto(protos.file.add())
    bare = tmp_path / "bare"
    bare.write_bytes(protos.SerializeToString())
    described = {}
    for symbol in symbols():
        told = grpcurl.run(*flags(server), server.endpoint, "describe", symbol)
        without = grpcurl.run(f"-protoset={bare}", "describe", symbol)
        assert told == without, symbol
        assert without.code == 0, symbol
        described[symbol] = without.out
    assert described[KV] == _KV_DESCRIBED


def test_describe_what_is_not_there(grpcurl: Referee, server: Listening) -> None:
    """A symbol that the server does not have is an error that names it."""
    code, out, err = grpcurl.run(*flags(server), server.endpoint, "describe", "no.Such")
    assert (code, out) == (1, b"")
    assert err == 'Failed to resolve symbol "no.Such": Symbol not found: no.Such\n'


def test_calls(grpcurl: Referee, server: Listening) -> None:
    """Get, Put, Delete, Batch and Trade, Get and Put of KV, and their errors by code and text."""
    for asked in CALLS:
        code, out, err = call(grpcurl, server, asked.method, asked.data)
        expected = (64 + asked.code, failure(asked.code, asked.message)) if asked.code else (0, "")
        assert (asked, code, err) == (asked, *expected)
        assert (asked, [*untimed(messages(out))]) == (asked, [*asked.responses])


def test_inventory(grpcurl: Referee, server: Listening, of: Implementation) -> None:
    """Inventory counts what was put, and tells the security that grpcurl connected in."""

    def inventory() -> Message:
        code, out, err = call(grpcurl, server, f"{STOCK}/Inventory")
        assert (code, err) == (0, "")
        (status,) = messages(out)
        inventory_is(status, of.language, server.security)
        return status

    before = inventory()
    put = call(grpcurl, server, f"{STOCK}/Put", '{"key": "counted", "value": "AAAA"}')
    assert put == (0, b"{}\n", "")
    assert growth(before, inventory()) == (1, 3)


@pytest.mark.parametrize("security", [Security.PLAINTEXT, Security.MTLS])
def test_monitor(grpcurl: Referee, of: Implementation, tmp_path: Path, security: Security) -> None:
    """Monitor's headers come at once, its events in order, its end when the server drains."""
    with listen(of, security, tmp_path) as server:
        watch = (*flags(server), "-v", '-d={"keyPrefix": "seen"}', server.endpoint)
        with grpcurl.launch(*watch, f"{STOCK}/Monitor") as monitor:
            while monitor.line() != "Response headers received:":
                pass
            for done in WATCHED:
                assert messages(call(grpcurl, server, done.method, done.data).out) == done.responses
            assert [*untimed(next_message(monitor) for _ in EVENTS)] == [*EVENTS]
            server.program.signal(signal.SIGTERM)
            ended = failure(Code.UNAVAILABLE, "server shutting down")
            assert monitor.rest().decode().endswith(ended)
            assert monitor.wait() == 64 + Code.UNAVAILABLE
        assert server.program.wait() == 0


@pytest.mark.parametrize("server", [Security.MTLS], indirect=True, ids=str)
def test_without_a_certificate(grpcurl: Referee, server: Listening) -> None:
    """A server of mTLS does not let in who shows no certificate."""
    words = (f"-cacert={server.file('ca.pem')}", f"-connect-timeout={PATIENCE}")
    code, out, err = grpcurl.run(*words, server.endpoint, "list")
    assert (code, out) == (1, b"")
    assert err.startswith("Failed to ")
