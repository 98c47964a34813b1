"""Cells: what a call carries, what is made the permutation's own, and that nothing stays open."""

import asyncio
from typing import Any

import pytest

from conformance.runner.call import Call
from conformance.runner.cell import Cell
from conformance.runner.config import PLAINTEXT, Config, KeyType, Security
from conformance.runner.ends import Endpoint, Program
from conformance.runner.identities import Material
from conformance.runner.link import End, Link
from conformance.runner.rpc import Rpc
from conformance.runner.session import Session
from proto import session_pb2, stock_pb2

ENDPOINT = Endpoint("127.0.0.1", 4711, 1)
MATERIAL = Material(
    None,  # type: ignore[arg-type]
    b"roots",
    session_pb2.Identity(chain_pem=b"server"),
    session_pb2.Identity(chain_pem=b"client"),
    None,  # type: ignore[arg-type]
)


class Recorder(Session):
    """A session without a program: keeps what it is sent."""

    def __init__(self) -> None:
        self.sent: list[session_pb2.Command] = []
        self._calls: dict[int, Call[Any]] = {}
        self._last_call = self._channels = self._listeners = 0
        self._stopped = {}
        self._loop = asyncio.get_running_loop()

    def send(self, command: session_pb2.Command) -> int:
        """Keeps a command."""
        command.id = len(self.sent) + 1
        self.sent.append(command)
        return command.id

    async def listen(self, listen: session_pb2.Listen) -> Endpoint:
        """Listens on nothing."""
        self.send(session_pb2.Command(listen=listen))
        return Endpoint(listen.host, 4712, 2)

    async def observation(self, tag: str) -> session_pb2.Observation:
        """Has seen nothing but the tag."""
        return session_pb2.Observation(request_encoding=tag)


def a_cell(
    config: Config = PLAINTEXT, material: Material | None = None
) -> tuple[Cell, Recorder, Recorder]:
    """A cell with the recorders in its client's and its server's place."""
    client, server = Recorder(), Recorder()
    program = Program("go", session_pb2.Hello(), frozenset())
    link = Link(config, End(program, client), End(program, server), ENDPOINT, material)
    return Cell(link, "p1"), client, server


def directive_of(command: session_pb2.Command) -> session_pb2.Directive:
    """What a started call tells the server."""
    (entry,) = [e for e in command.start.metadata.entries if e.name == "stock-directive-bin"]
    return session_pb2.Directive.FromString(entry.value)


def test_a_call_carries_its_store_and_options() -> None:
    async def conduct() -> None:
        cell, client, _ = a_cell()
        cell.put("k", b"v", metadata=[("a", "b"), ("c-bin", b"\xff")], timeout=0.25, credit=3)
        start = client.sent[-1].start
        assert directive_of(client.sent[-1]) == session_pb2.Directive(store="p1")
        assert [(e.name, e.value) for e in start.metadata.entries][1:] == [
            ("a", b"b"),
            ("c-bin", b"\xff"),
        ]
        assert (start.timeout_ns, start.credit, start.half_close) == (250_000_000, 3, True)
        assert start.requests[0].put == stock_pb2.PutRequest(key="k", value=b"v")

    asyncio.run(conduct())


def test_a_directive_is_made_the_permutations_own() -> None:
    async def conduct() -> None:
        cell, client, _ = a_cell()
        given = session_pb2.Directive(tag="seen", delay_ms=5)
        cell.get("k", directive=given)
        own = directive_of(client.sent[-1])
        assert (own.store, own.tag, own.delay_ms, given.tag) == ("p1", "p1/seen", 5, "seen")
        assert (await cell.observation("seen")).request_encoding == "p1/seen"
        cell.get("k", directive=session_pb2.Directive(store="other"))
        assert directive_of(client.sent[-1]).store == "p1/other"
        cell.get("k", directive=b"\xff")
        assert client.sent[-1].start.metadata.entries[0].value == b"\xff"

    asyncio.run(conduct())


@pytest.mark.parametrize("rpc", Rpc)
def test_only_streams_of_requests_stay_open(rpc: Rpc) -> None:
    async def conduct() -> None:
        cell, client, _ = a_cell()
        cell.start(rpc)
        assert client.sent[-1].start.rpc == rpc.value
        assert client.sent[-1].start.half_close != (rpc in (Rpc.BATCH, Rpc.TRADE))

    asyncio.run(conduct())


def test_channels_are_like_the_cells_own_but_for_the_changes() -> None:
    async def conduct() -> None:
        cell, client, _ = a_cell(Config(Security.MTLS, KeyType.P256), MATERIAL)
        own = client.sent[0].open_channel
        assert (own.port, own.roots_pem, own.identity.chain_pem) == (4711, b"roots", b"client")
        cell.open_channel(identity=None, roots_pem=b"foreign", server_name="elsewhere")
        other = client.sent[-1].open_channel
        assert not other.HasField("identity")
        assert (other.roots_pem, other.server_name) == (b"foreign", "elsewhere")
        cell.open_channel(security=Security.PLAINTEXT)
        plain = client.sent[-1].open_channel
        assert (plain.security, plain.roots_pem) == (session_pb2.SECURITY_PLAINTEXT, b"")
        assert [own.channel, other.channel, plain.channel] == [1, 2, 3]

    asyncio.run(conduct())


def test_what_a_case_leaves_open_is_closed() -> None:
    async def conduct() -> None:
        cell, client, server = a_cell()
        left, ended = cell.monitor(), cell.get("k")
        ended.feed(session_pb2.Events(status=session_pb2.Status()))
        channel = cell.open_channel()
        endpoint = await cell.listen()
        cell.close()
        closed = [command for command in client.sent if command.HasField("close_channel")]
        cancelled = [command for command in client.sent if command.HasField("cancel")]
        assert [command.cancel.call for command in cancelled] == [left.number]
        assert [command.close_channel.channel for command in closed] == [channel]
        assert server.sent[-1].stop.listener == endpoint.listener

    asyncio.run(conduct())


def test_what_a_cell_does_not_have_is_said() -> None:
    async def conduct() -> None:
        cell, _, _ = a_cell()
        with pytest.raises(ValueError, match="no TLS material"):
            _ = cell.material
        with pytest.raises(ValueError, match="second_client=True"):
            _ = cell.second
        assert cell.credentials is None

    asyncio.run(conduct())


def test_targets() -> None:
    assert ENDPOINT.target == "127.0.0.1:4711"
    assert Endpoint("::1", 1, 1).target == "[::1]:1"
