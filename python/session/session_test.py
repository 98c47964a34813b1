"""Both programs' sessions over real pipes: what they answer, and that they end with their input."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from types import TracebackType

import pytest

from proto import session_pb2, stock_pb2

PATIENCE = 20.0


class Peer:
    """A program in session mode, driven as the runner drives it."""

    def __init__(self, program: str) -> None:
        code = f"import sys; from python.{program} import run; sys.exit(run(['--session']))"
        line = [sys.executable, "-c", code]
        self._process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._number = 0

    def __enter__(self) -> "Peer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait(PATIENCE)
        assert self._process.stdin
        assert self._process.stdout
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()

    def send(self, **command: object) -> int:
        """Sends a command; its id."""
        self._number += 1
        body = session_pb2.Command(id=self._number, **command).SerializeToString()  # type: ignore[arg-type]
        self.write(len(body).to_bytes(4, "big") + body)
        return self._number

    def write(self, data: bytes) -> None:
        """Sends bytes."""
        assert self._process.stdin
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def event(self) -> session_pb2.Event:
        """The next event. Bazel's own deadline bounds the wait."""
        assert self._process.stdout
        size = int.from_bytes(self._process.stdout.read(4), "big")
        return session_pb2.Event.FromString(self._process.stdout.read(size))

    def end(self) -> int:
        """Ends the input; the exit code."""
        assert self._process.stdin
        self._process.stdin.close()
        return self._process.wait(PATIENCE)


@pytest.fixture
def server() -> Iterator[Peer]:
    with Peer("stock_server") as peer:
        hello = peer.event().hello
        assert (hello.language, hello.role) == ("python", session_pb2.ROLE_SERVER)
        yield peer


@pytest.fixture
def client() -> Iterator[Peer]:
    with Peer("stock_client") as peer:
        hello = peer.event().hello
        assert (hello.protocol, hello.role) == (1, session_pb2.ROLE_CLIENT)
        yield peer


@pytest.fixture
def channel(server: Peer, client: Peer) -> int:
    """A channel of the client to a listener of the server."""
    plaintext = session_pb2.SECURITY_PLAINTEXT
    server.send(listen=session_pb2.Listen(listener=1, host="127.0.0.1", security=plaintext))
    port = server.event().listening.port
    opening = session_pb2.OpenChannel(channel=1, host="127.0.0.1", port=port, security=plaintext)
    client.send(open_channel=opening)
    return 1


def get(number: int, channel: int, key: str) -> session_pb2.Start:
    request = session_pb2.Request(get=stock_pb2.GetRequest(key=key))
    return session_pb2.Start(
        call=number, channel=channel, rpc=session_pb2.RPC_GET, requests=[request]
    )


def trade(symbol: str) -> session_pb2.Request:
    return session_pb2.Request(trade=stock_pb2.TradeOrder(symbol=symbol, quantity=1))


def test_a_unary_call_is_one_frame(client: Peer, channel: int) -> None:
    client.send(start=get(1, channel, "missing"))
    events = client.event().events
    assert (events.call, events.status.code) == (1, 5)
    assert events.status.message == "key not found: missing"
    assert events.at_ns > 0


def test_trade_answers_before_its_half_close_and_keeps_to_its_credit(
    client: Peer, channel: int
) -> None:
    start = session_pb2.Start(
        call=1,
        channel=channel,
        rpc=session_pb2.RPC_TRADE,
        requests=[trade("a"), trade("b")],
        credit=1,
    )
    client.send(start=start)
    symbols = _fills(client, 1)
    client.send(receive=session_pb2.Receive(call=1, credit=1))
    symbols += _fills(client, 1)
    client.send(half_close=session_pb2.HalfClose(call=1))
    # What comes with the credit at nothing is the end, once it may be read.
    client.send(receive=session_pb2.Receive(call=1))
    assert client.event().events.status.code == 0
    assert symbols == ["a", "b"]


def _fills(client: Peer, count: int) -> list[str]:
    symbols: list[str] = []
    while len(symbols) < count:
        symbols += [response.trade.symbol for response in client.event().events.responses]
    return symbols


def test_a_cancelled_call_reports_its_end_and_what_it_did_not_send(
    client: Peer, channel: int
) -> None:
    start = session_pb2.Start(call=1, channel=channel, rpc=session_pb2.RPC_TRADE, credit=1)
    client.send(start=start)
    client.send(cancel=session_pb2.Cancel(call=1))
    while not (event := client.event().events).HasField("status"):
        pass
    assert event.status.code == 1
    # A call that has ended is passed over, one that never was is a failure.
    client.send(cancel=session_pb2.Cancel(call=1))
    number = client.send(cancel=session_pb2.Cancel(call=2))
    assert client.event().failure.id == number


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ({"listen": session_pb2.Listen(listener=1)}, "one of open_channel"),
        ({"start": session_pb2.Start(call=1, channel=9)}, "channel: 9 given"),
        ({"close_channel": session_pb2.CloseChannel(channel=9)}, "channel: 9 given"),
        (
            {"open_channel": session_pb2.OpenChannel(channel=1, host="localhost")},
            "host: 'localhost' given",
        ),
        (
            {"open_channel": session_pb2.OpenChannel(channel=1, host="::1")},
            "port: 0 given",
        ),
        ({}, "command: none given"),
    ],
)
def test_what_a_client_cannot_obey_is_answered(
    client: Peer, command: dict[str, object], reason: str
) -> None:
    number = client.send(**command)
    failure = client.event().failure
    assert failure.id == number
    assert reason in failure.reason


@pytest.mark.parametrize(
    ("listen", "reason"),
    [
        (session_pb2.Listen(host="127.0.0.1"), "listener: 0 given"),
        (session_pb2.Listen(listener=1, host="here"), "security: 0 given"),
        (
            session_pb2.Listen(
                listener=1, host="192.0.2.1", security=session_pb2.SECURITY_PLAINTEXT
            ),
            "plaintext is for loopback",
        ),
        (
            session_pb2.Listen(listener=1, host="127.0.0.1", security=session_pb2.SECURITY_TLS),
            "certificate chain",
        ),
    ],
)
def test_a_listener_that_cannot_be_is_refused(
    server: Peer, listen: session_pb2.Listen, reason: str
) -> None:
    number = server.send(listen=listen)
    failure = server.event().failure
    assert failure.id == number
    assert reason in failure.reason


def test_stop_is_answered_and_the_port_is_free(server: Peer) -> None:
    plaintext = session_pb2.SECURITY_PLAINTEXT
    server.send(listen=session_pb2.Listen(listener=1, host="127.0.0.1", security=plaintext))
    port = server.event().listening.port
    server.send(stop=session_pb2.Stop(listener=1))
    assert server.event().stopped.listener == 1
    again = session_pb2.Listen(listener=2, host="127.0.0.1", port=port, security=plaintext)
    server.send(listen=again)
    assert server.event().listening == session_pb2.Listening(listener=2, port=port)


def test_the_end_of_input_ends_a_session(server: Peer, client: Peer, channel: int) -> None:
    client.send(start=session_pb2.Start(call=1, channel=channel, rpc=session_pb2.RPC_TRADE))
    assert client.end() == os.EX_OK
    assert server.end() == os.EX_OK


@pytest.mark.parametrize("program", ["stock_server", "stock_client"])
def test_half_a_frame_is_exit_4(program: str) -> None:
    with Peer(program) as peer:
        peer.event()
        peer.write(b"\0")
        assert peer.end() == 4
