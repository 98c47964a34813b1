"""How a server ends: at a signal, at a second one, at the grace, whatever its peers do."""

import contextlib
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from conformance.life import files
from conformance.life.programs import PATIENCE, Implementation, serve, split
from proto import stock_pb2, stock_pb2_grpc

LONG = "--grace-seconds=1000"

# What begins an HTTP/2 connection: the preface, and settings that change nothing.
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))


class Calls(NamedTuple):
    """Calls that are open at a server."""

    monitor: Any
    watch: Any
    trade: Any
    orders: "SimpleQueue[stock_pb2.TradeOrder | None]"

    def buy(self) -> str:
        """Buys one; what the fill says."""
        self.orders.put(stock_pb2.TradeOrder(symbol="acme", quantity=1))
        return str(next(self.trade).message)

    def half_close(self) -> None:
        """Ends the orders."""
        self.orders.put(None)


@contextlib.contextmanager
def calls(endpoint: str) -> Iterator[Calls]:
    """Opens a Monitor, a Watch and a Trade, and waits until the server has them."""
    with grpc.insecure_channel(endpoint, [("grpc.enable_http_proxy", 0)]) as channel:
        stock = stock_pb2_grpc.StockStub(channel)
        orders: SimpleQueue[stock_pb2.TradeOrder | None] = SimpleQueue()
        monitor = stock.Monitor(stock_pb2.WatchRequest(), timeout=PATIENCE)
        watch = health_pb2_grpc.HealthStub(channel).Watch(
            health_pb2.HealthCheckRequest(), timeout=PATIENCE
        )
        trade = stock.Trade(iter(orders.get, None), timeout=PATIENCE)
        opened = Calls(monitor, watch, trade, orders)
        monitor.initial_metadata()
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
        assert opened.buy() == "bought"
        try:
            yield opened
        finally:
            opened.half_close()


def monitor_ends(opened: Calls) -> None:
    """Monitor ends as that of a draining server."""
    with pytest.raises(grpc.RpcError) as ended:
        next(opened.monitor)
    assert ended.value.code() is grpc.StatusCode.UNAVAILABLE
    assert ended.value.details() == "server shutting down"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_call_finishes(
    of: Implementation, tmp_path: Path, number: signal.Signals
) -> None:
    with serve(of, tmp_path, LONG) as (server, endpoint), calls(endpoint) as opened:
        server.signal(number)
        monitor_ends(opened)
        # Health streams end too, after the news that they are there for.
        with contextlib.suppress(grpc.RpcError):
            *_, last = opened.watch
            assert last.status == health_pb2.HealthCheckResponse.NOT_SERVING
        refused(endpoint)
        assert opened.buy() == "bought"
        opened.half_close()
        assert [*opened.trade] == []
        assert opened.trade.code() is grpc.StatusCode.OK
        # Long before the grace.
        assert server.wait() == 0
        assert server.rest() == b""


def refused(endpoint: str) -> None:
    """Connects until it is refused: a server may close its port a moment after it ends its streams."""
    until = time.monotonic() + PATIENCE
    with contextlib.suppress(ConnectionError):
        while time.monotonic() < until:
            with socket.create_connection(split(endpoint), PATIENCE) as connection:
                connection.sendall(PREFACE)
                if not connection.recv(1):
                    raise ConnectionResetError
        raise AssertionError("new connections are accepted")


@pytest.mark.parametrize("grace", ["0", "0.25"])
def test_the_grace_is_the_end_of_every_call(of: Implementation, tmp_path: Path, grace: str) -> None:
    words = f"--grace-seconds={grace}"
    with serve(of, tmp_path, words) as (server, endpoint), calls(endpoint) as opened:
        server.signal(signal.SIGTERM)
        with pytest.raises(grpc.RpcError):
            next(opened.trade)
        assert server.wait() == 0


@pytest.mark.parametrize(
    ("first", "second"), [(signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGTERM)]
)
def test_a_second_signal_ends_it_at_once(
    of: Implementation, tmp_path: Path, first: signal.Signals, second: signal.Signals
) -> None:
    with serve(of, tmp_path, LONG) as (server, endpoint), calls(endpoint) as opened:
        server.signal(first)
        monitor_ends(opened)
        server.signal(second)
        assert server.wait() >= 0


def idle(connection: socket.socket) -> None:
    """Says nothing."""


def greet(connection: socket.socket) -> None:
    """Begins HTTP/2, and no call."""
    connection.sendall(PREFACE)
    assert connection.recv(1)


def begin_handshake(connection: socket.socket) -> None:
    """Begins a record of TLS that never comes to its end."""
    connection.sendall(b"\x16\x03\x01\x02\x00\x01")


@pytest.mark.parametrize(
    ("secured", "half"), [(False, idle), (False, greet), (True, idle), (True, begin_handshake)]
)
def test_a_connection_without_calls_holds_nothing(
    of: Implementation, tmp_path: Path, secured: bool, half: Callable[[socket.socket], None]
) -> None:
    words = ["--tls-mode=tls", *files.make(tmp_path).identity()] if secured else []
    with (
        serve(of, tmp_path, LONG, *words) as (server, endpoint),
        socket.create_connection(split(endpoint), PATIENCE) as connection,
    ):
        half(connection)
        server.signal(signal.SIGTERM)
        assert server.wait() == 0
