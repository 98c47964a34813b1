"""Sessions over a fake peer: commands leave together, answers find who waits, ends are clean."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conformance.runner.expect import Mismatch
from conformance.runner.fakes.bench import command
from conformance.runner.process import Process, environment
from conformance.runner.rpc import Rpc
from conformance.runner.session import Session, SessionLost
from proto import session_pb2


@contextlib.asynccontextmanager
async def a_session(
    logs: Path, role: str, *behaviours: str
) -> AsyncIterator[tuple[Session, list[str]]]:
    """A session, and the reasons it was lost for."""
    lost: list[str] = []
    argv = command(role, "good", *behaviours)
    session = Session(Process(argv, logs / "log", environment({})), lost.append)
    await session.connect()
    await asyncio.wait_for(session.hello, 10)
    try:
        async with asyncio.timeout(10):
            yield session, lost
    finally:
        await session.close(5)


def get(key: str) -> session_pb2.Command:
    """What starts a Get."""
    started = session_pb2.Command()
    started.start.requests.add().get.key = key
    started.start.half_close = True
    return started


def test_calls_are_numbered_and_answered(tmp_path: Path) -> None:
    async def conduct() -> None:
        async with a_session(tmp_path, "client") as (session, lost):
            assert session.hello.result().role == session_pb2.ROLE_CLIENT
            calls = [session.start(Rpc.GET, get(f"key{i}")) for i in range(300)]
            values = [(await call.ok())[0].value for call in calls]
            assert values == [f"key{i}".encode() for i in range(300)]
            assert [call.number for call in calls] == list(range(1, 301))
            assert lost == []

    asyncio.run(conduct())


def test_commands_of_one_turn_leave_in_one_write(tmp_path: Path) -> None:
    async def conduct() -> None:
        async with a_session(tmp_path, "client") as (session, _):
            writes: list[bytes] = []
            assert session._input is not None
            write = session._input.write

            def counted(data: bytes) -> None:
                writes.append(data)
                write(data)

            session._input.write = counted  # type: ignore[method-assign, assignment]
            calls = [session.start(Rpc.GET, get("key")) for _ in range(50)]
            assert writes == []
            for call in calls:
                await call.ok()
            assert len(writes) == 1

    asyncio.run(conduct())


def test_listeners(tmp_path: Path) -> None:
    async def conduct() -> None:
        async with a_session(tmp_path, "server") as (session, _):
            first = await session.listen(session_pb2.Listen(host="127.0.0.1"))
            second = await session.listen(session_pb2.Listen(host="127.0.0.1"))
            assert (first.listener, second.listener, first.port) == (1, 2, 1)
            await session.stop(first.listener, 0.5)
            await session.ping()

    asyncio.run(conduct())


def test_a_refused_listener_is_a_mismatch(tmp_path: Path) -> None:
    async def conduct() -> None:
        async with a_session(tmp_path, "server", "refuse_listen") as (session, _):
            with pytest.raises(Mismatch, match="answered Failure: identity: unusable"):
                await session.listen(session_pb2.Listen())

    asyncio.run(conduct())


def test_observations_wait_for_their_tag(tmp_path: Path) -> None:
    async def conduct() -> None:
        async with a_session(tmp_path, "server") as (session, _):
            waiting = asyncio.ensure_future(session.observation("b"))
            await asyncio.sleep(0)
            for tag, read in (("a", 1), ("b", 2), ("a", 3)):
                seen = session_pb2.Observation(messages_read=read)
                session._event(
                    session_pb2.Event(observed=session_pb2.Observed(tag=tag, observation=seen))
                )
            assert (await waiting).messages_read == 2
            assert [(await session.observation("a")).messages_read for _ in range(2)] == [1, 3]

    asyncio.run(conduct())


def test_a_loss_wakes_what_waits_for_an_answer_and_is_told_once(tmp_path: Path) -> None:
    async def conduct() -> None:
        async with a_session(tmp_path, "client") as (session, lost):
            session.start(Rpc.GET, get("crash"))
            with pytest.raises(SessionLost, match="exited with 3"):
                await session.ping()
            session.give_up("again")
            assert lost == ["exited with 3"]

    asyncio.run(conduct())


def test_the_end_is_clean(tmp_path: Path) -> None:
    async def conduct() -> None:
        async with a_session(tmp_path, "client") as (session, lost):
            assert await session.close(5) is None
            assert lost == []

    asyncio.run(conduct())
