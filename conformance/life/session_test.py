"""A program in session mode: how it begins and ends, what it refuses, and what breaks the session."""

import signal
import socket
from pathlib import Path

import grpc
import pytest

from conformance.life.driven import Driven, drive
from conformance.life.programs import PATIENCE, Implementation, run, split
from conformance.runner.frames import frame
from proto import session_pb2, stock_pb2, stock_pb2_grpc

Command = session_pb2.Command
ROLES = ("server", "client")
OF_CLIENTS = (
    Command(open_channel=session_pb2.OpenChannel(channel=1, host="127.0.0.1", port=1)),
    Command(start=session_pb2.Start(call=1, channel=1, rpc=session_pb2.RPC_GET)),
    Command(cancel=session_pb2.Cancel(call=1)),
    Command(close_channel=session_pb2.CloseChannel(channel=1)),
)
OF_SERVERS = (
    Command(listen=session_pb2.Listen(listener=1, host="127.0.0.1")),
    Command(stop=session_pb2.Stop(listener=1)),
    Command(forget=session_pb2.Forget(stores=["s"])),
)


@pytest.mark.parametrize("role", ROLES)
def test_it_says_hello_and_ends_with_its_input(
    of: Implementation, tmp_path: Path, role: str
) -> None:
    with drive(of, role, tmp_path) as driven:
        said = driven.hello
        number = session_pb2.ROLE_SERVER if role == "server" else session_pb2.ROLE_CLIENT
        assert (said.protocol, said.language, said.role) == (1, of.language, number)
        version = run(of, role, "--version").out.decode()
        assert version == f"stock_{role} {said.version} {said.language} {said.library}\n"
        assert driven.end() == (0, b"")


@pytest.mark.parametrize("role", ROLES)
def test_it_is_made_of_what_the_locks_pin(of: Implementation, tmp_path: Path, role: str) -> None:
    grpc_library, stacks = of.libraries["grpc"], ("transport", "tls_stack")
    with drive(of, role, tmp_path) as driven:
        assert driven.hello.library == f"{grpc_library['name']} {grpc_library['version']}"
        told = tuple(getattr(driven.hello, stack) for stack in stacks)
        assert told == tuple(of.libraries[stack]["name"] for stack in stacks)


@pytest.mark.parametrize("role", ROLES)
def test_no_input_at_all_is_an_end_of_it(of: Implementation, role: str) -> None:
    code, out, _ = run(of, role, "--session")
    assert code == 0
    length = int.from_bytes(out[:4], "big")
    assert session_pb2.Event.FromString(out[4:]).hello.language == of.language
    assert len(out) == 4 + length


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"\0\0", id="half a length"),
        pytest.param(b"\0\0\0\x05ab", id="half a message"),
        pytest.param(b"\0\0\0\x05\xff\xff\xff\xff\xff", id="no message"),
        pytest.param((16 * 2**20 + 1).to_bytes(4, "big"), id="a length over the limit"),
        pytest.param(b"\xff\xff\xff\xff", id="the greatest length"),
    ],
)
def test_a_broken_frame_is_exit_4(
    of: Implementation, tmp_path: Path, role: str, broken: bytes
) -> None:
    with drive(of, role, tmp_path) as driven:
        driven.write(broken)
        if len(broken) < 4 or broken.endswith(b"ab"):
            assert driven.end() == (4, b"")
        else:
            # It does not wait for more.
            assert driven.program.wait() == 4
        assert driven.program.log.count("\n") == 1, driven.program.log


@pytest.mark.parametrize("role", ROLES)
def test_a_command_that_cannot_be_obeyed_changes_nothing(
    of: Implementation, tmp_path: Path, role: str
) -> None:
    with drive(of, role, tmp_path) as driven:
        for command in (Command(), *(OF_CLIENTS if role == "server" else OF_SERVERS)):
            driven.refused(command)
        if role == "server":
            still_listens(driven)
        # A frame of the greatest length is one like any other.
        filler = b"x" * (16 * 2**20 - 100)
        long = Command(forget=session_pb2.Forget(stores=[filler.decode()]))
        if role == "client":
            driven.refused(long)
        else:
            driven.tell(long)
            driven.refused(Command())
        assert driven.end() == (0, b"")


def still_listens(driven: Driven) -> None:
    """Listeners that cannot be opened are refused, others open."""
    tls = session_pb2.SECURITY_TLS
    plain = session_pb2.SECURITY_PLAINTEXT
    nobody = session_pb2.Identity(chain_pem=b"no", key_pem=b"PEM")
    for listen in (
        session_pb2.Listen(listener=9, host="127.0.0.1"),
        session_pb2.Listen(listener=9, host="192.0.2.1", security=plain),
        session_pb2.Listen(listener=9, host="127.0.0.1", security=tls),
        session_pb2.Listen(listener=9, host="127.0.0.1", security=tls, identity=nobody),
        session_pb2.Listen(listener=9, host="127.0.0.1", port=65536, security=plain),
    ):
        driven.refused(Command(listen=listen))
    driven.refused(Command(stop=session_pb2.Stop(listener=9)))
    socket.create_connection(split(driven.listen(10)), PATIENCE).close()


def test_two_listeners_are_over_the_same_stores(of: Implementation, tmp_path: Path) -> None:
    with drive(of, "server", tmp_path) as driven:
        one, other = driven.listen(1), driven.listen(2)
        with (
            grpc.insecure_channel(one, [("grpc.enable_http_proxy", 0)]) as first,
            grpc.insecure_channel(other, [("grpc.enable_http_proxy", 0)]) as second,
        ):
            stock, again = stock_pb2_grpc.StockStub(first), stock_pb2_grpc.StockStub(second)
            stock.Put(stock_pb2.PutRequest(key="k", value=b"v"), timeout=PATIENCE)
            assert again.Get(stock_pb2.GetRequest(key="k"), timeout=PATIENCE).value == b"v"
            driven.tell(Command(stop=session_pb2.Stop(listener=1, grace_ms=60_000)))
            assert driven.event().stopped.listener == 1
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(split(one), PATIENCE)
            again.Put(stock_pb2.PutRequest(key="k", value=b"w"), timeout=PATIENCE)
            assert again.Get(stock_pb2.GetRequest(key="k"), timeout=PATIENCE).value == b"w"
            # A listener that is closed is none.
            driven.refused(Command(stop=session_pb2.Stop(listener=1)))
        assert driven.end() == (0, b"")


def test_the_end_of_input_drains(of: Implementation, tmp_path: Path) -> None:
    with drive(of, "server", tmp_path, "--grace-seconds=1000") as driven:
        endpoint = driven.listen(1)
        with grpc.insecure_channel(endpoint, [("grpc.enable_http_proxy", 0)]) as channel:
            stub = stock_pb2_grpc.StockStub(channel)
            monitor = stub.Monitor(stock_pb2.WatchRequest(), timeout=PATIENCE)
            monitor.initial_metadata()
            driven.program.stdin.close()
            with pytest.raises(grpc.RpcError) as ended:
                next(monitor)
            assert ended.value.code() is grpc.StatusCode.UNAVAILABLE
            assert ended.value.details() == "server shutting down"
        assert driven.program.wait() == 0


def test_a_signal_ends_the_session_of_a_server(of: Implementation, tmp_path: Path) -> None:
    with drive(of, "server", tmp_path) as driven:
        driven.listen(1)
        driven.program.signal(signal.SIGTERM)
        assert driven.program.wait() == 0


def test_a_call_keeps_no_client_alive(of: Implementation, tmp_path: Path) -> None:
    with socket.socket() as silent, drive(of, "client", tmp_path) as driven:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        opening = session_pb2.OpenChannel(
            channel=1,
            host="127.0.0.1",
            port=silent.getsockname()[1],
            security=session_pb2.SECURITY_PLAINTEXT,
        )
        call = session_pb2.Start(call=1, channel=1, rpc=session_pb2.RPC_GET)
        call.requests.add().get.key = "k"
        driven.tell(Command(open_channel=opening))
        driven.tell(Command(start=call))
        connection, _ = silent.accept()
        with connection:
            code, rest = driven.end()
        assert code == 0
        # The call may be told to have ended, or not any more.
        assert rest == b"" or session_pb2.Event.FromString(rest[4:]).events.status.code == 1


@pytest.mark.parametrize("role", ROLES)
def test_a_session_that_nobody_reads_ends_with_its_input(
    of: Implementation, tmp_path: Path, role: str
) -> None:
    with drive(of, role, tmp_path) as driven:
        driven.program.stop_reading()
        for number in (1, 2):
            driven.write(frame(Command(id=number).SerializeToString()))
        driven.program.stdin.close()
        # Whether anybody noticed that nothing can be written is a matter of time.
        assert driven.program.wait() in (0, 4)
        # The log may tell, in a few lines.
        assert driven.program.log.count("\n") <= 3, driven.program.log
