"""Finds out how programs that were brought along can be driven, or that they cannot."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from conformance.runner.brought import Brought, BroughtError
from conformance.runner.config import PLAINTEXT
from conformance.runner.ends import Endpoint
from conformance.runner.expect import Mismatch, show, show_status
from conformance.runner.link import HOST, listen_command
from conformance.runner.process import Guard, Process, describe_exit
from conformance.runner.rpc import Rpc
from conformance.runner.session import PROTOCOL, Session, SessionLost
from conformance.runner.status_code import Code
from conformance.runner.supervisor import ROLES
from conformance.runner.transcript import DIRECTIVE
from conformance.runner.way import SESSION_FLAG, Way, adapted
from proto import session_pb2

# From the start of a program to its Hello; one without a session mostly refuses the flag at once.
HELLO_SECONDS: Final = 10.0
# For the adapter and the program behind it, which have times of their own.
_ANSWER_SECONDS: Final = 60.0
_END_SECONDS: Final = 5.0
_CALL_SECONDS: Final = 5.0

_ROLE_NAMES: Final = {number: name for name, number in ROLES.items()}

# What the answers' own words begin with.
_ANSWERED: Final = "the program answered Failure: "


class _Unfit(Exception):
    """A program cannot be driven in a way; the text says why."""


class _Mistaken(Exception):
    """A program has a session, and is another than it was given as."""


class _Tools(NamedTuple):
    guard: Guard
    environment: Mapping[str, str]
    logs: Path


async def probe(
    brought: Sequence[Brought], environment: Mapping[str, str]
) -> dict[tuple[str, str], Way]:
    """The way of each program, by name and role. Raises BroughtError; leaves no process."""
    programs = [(one, role) for one in brought for role in one.roles]
    with contextlib.closing(Guard()) as guard, TemporaryDirectory(prefix="stock-") as logs:
        tools = _Tools(guard, environment, Path(logs))
        ways = await asyncio.gather(
            *(_way(one, role, tools) for one, role in programs), return_exceptions=True
        )
    for way in ways:
        if isinstance(way, BaseException):
            raise way
    found = [way for way in ways if isinstance(way, Way)]
    return {(one.name, role): way for (one, role), way in zip(programs, found, strict=True)}


async def _way(one: Brought, role: str, tools: _Tools) -> Way:
    argv = one.program(role)
    try:
        await _has_session(role, argv, tools)
        return Way.SESSION
    except OSError as error:
        why = f"cannot be started: {error.strerror}"
        raise BroughtError(f"implementation {one.name}: the {role} {argv[0]} {why}") from error
    except _Mistaken as mistaken:
        raise BroughtError(f"implementation {one.name}: the {role} {argv[0]} {mistaken}") from None
    except _Unfit as unfit:
        without = str(unfit)
    try:
        return await (_server_way(argv, tools) if role == "server" else _client_way(argv, tools))
    except _Unfit as unfit:
        raise BroughtError(
            f"implementation {one.name}: the {role} {argv[0]} can be driven neither by a session "
            f"(it {without}) nor by its flags: {unfit}"
        ) from unfit


async def _has_session(role: str, argv: Sequence[str], tools: _Tools) -> None:
    async with _session([*argv, SESSION_FLAG], tools) as session:
        hello = await _hello(session, HELLO_SECONDS)
        if (hello.protocol, hello.role) != (PROTOCOL, ROLES[role]):
            said = f"protocol {hello.protocol}, {_ROLE_NAMES.get(hello.role, 'no role')}"
            raise _Mistaken(f"said in its Hello: {said}; expected protocol {PROTOCOL}, {role}")


async def _server_way(argv: Sequence[str], tools: _Tools) -> Way:
    """Tries both at once: most programs refuse a flag that they do not know."""
    obeys, plain = await asyncio.gather(
        _listens(argv, Way.CONFORMANCE, tools), _listens(argv, Way.FLAGS, tools)
    )
    if obeys == "":
        return Way.CONFORMANCE
    if plain:
        raise _Unfit(plain)
    return Way.FLAGS


async def _listens(argv: Sequence[str], way: Way, tools: _Tools) -> str:
    """Why a server does not come to listen, or not to obey; empty where it does."""
    try:
        async with _session(adapted("server", argv, way), tools) as session:
            await _hello(session, _ANSWER_SECONDS)
            async with asyncio.timeout(_ANSWER_SECONDS):
                endpoint = await session.listen(listen_command(PLAINTEXT, None, {}))
                _, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
                writer.close()
                if way is Way.CONFORMANCE and not await asyncio.to_thread(_obeys, endpoint):
                    return "does not obey directives"
                await session.stop(endpoint.listener, 0.0)
    except (Mismatch, SessionLost, _Unfit) as error:
        return str(error).removeprefix(_ANSWERED)
    except TimeoutError:
        return f"the server did not answer within {_ANSWER_SECONDS:g} s"
    except OSError as error:
        return f"the server says that it listens, and nobody does: {error.strerror}"
    return ""


def _obeys(endpoint: Endpoint) -> bool:
    """Whether a server in conformance mode ends a call as a directive says."""
    import grpc

    from proto import stock_pb2, stock_pb2_grpc

    fail = session_pb2.Fail(code=Code.DATA_LOSS, message="as it was told")
    directive = session_pb2.Directive(fail=fail).SerializeToString()
    with grpc.insecure_channel(endpoint.target, (("grpc.enable_http_proxy", 0),)) as channel:
        try:
            stock_pb2_grpc.StockStub(channel).Inventory(
                stock_pb2.InventoryRequest(),
                metadata=((DIRECTIVE, directive),),
                timeout=_CALL_SECONDS,
            )
        except grpc.RpcError as error:
            return bool(error.code() is grpc.StatusCode.DATA_LOSS)
    return False


async def _client_way(argv: Sequence[str], tools: _Tools) -> Way:
    async with _session(adapted("client", argv, Way.FLAGS), tools) as session:
        await _hello(session, _ANSWER_SECONDS)
        with _nobody() as port:
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    status = await _get(session, port)
            except TimeoutError:
                raise _Unfit(f"`get` did not end within {_ANSWER_SECONDS:g} s") from None
            except Mismatch as error:
                raise _Unfit(f"of `get` where no server is: {error}") from error
    if status.code not in (Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED):
        said = show_status(status)
        raise _Unfit(f"expected `get` to end with UNAVAILABLE where no server is, got {said}")
    return Way.FLAGS


async def _get(session: Session, port: int) -> session_pb2.Status:
    channel = session.open_channel(
        session_pb2.OpenChannel(host=HOST, port=port, security=session_pb2.SECURITY_PLAINTEXT)
    )
    command = session_pb2.Command()
    command.start.channel = channel
    command.start.rpc = Rpc.GET.value
    command.start.half_close = True
    command.start.timeout_ns = round(_CALL_SECONDS * 1e9)
    command.start.requests.add().get.key = "key"
    return await session.start(Rpc.GET, command).status()


@contextlib.contextmanager
def _nobody() -> Iterator[int]:
    """A port that is taken, and that nobody listens on."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        yield taken.getsockname()[1]


@contextlib.asynccontextmanager
async def _session(argv: Sequence[str], tools: _Tools) -> AsyncIterator[Session]:
    """A session with a program that is started for it, and ended. Raises OSError where it does not start."""
    log = tools.logs / f"{len(list(tools.logs.iterdir()))}.log"
    process = Process(argv, log, tools.environment)
    tools.guard.watch(process.pid)
    process.exited.add_done_callback(lambda _: tools.guard.release(process.pid))
    session: Session

    def lost(reason: str) -> None:
        if not session.hello.done():
            lines = process.log_tail().splitlines()
            # Of wrong usage the reason comes first, and the usage after it.
            told = lines[0 if reason == describe_exit(2) else -1] if lines else ""
            session.hello.set_exception(
                _Unfit(f"{reason} and said {show(told)}" if told else reason)
            )

    session = Session(process, lost)
    try:
        await session.connect()
        yield session
    finally:
        # An exception that nobody asked for is no news.
        if session.hello.done() and not session.hello.cancelled():
            session.hello.exception()
        await session.close(_END_SECONDS)
        await process.exited


async def _hello(session: Session, seconds: float) -> session_pb2.Hello:
    try:
        return await asyncio.wait_for(session.hello, seconds)
    except TimeoutError:
        session.process.kill()
        raise _Unfit(f"did not say Hello within {seconds:g} s") from None
