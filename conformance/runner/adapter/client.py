"""A client without a session: one process for each call, an operation of its command line."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from conformance.runner.adapter.answer import AnswerError, event, responses, status
from conformance.runner.adapter.operation import operation
from conformance.runner.adapter.server import write
from conformance.runner.adapter.wire import Wire
from conformance.runner.frames import MAX_FRAME_BYTES
from conformance.runner.guardian import kill_group
from conformance.runner.inexpressible import Inexpressible
from conformance.runner.process import Guard, describe_exit
from conformance.runner.rpc import Rpc
from proto import session_pb2

# Of calls that a case sets none: longer than any answer takes, so that a lost one ends by itself.
_DEADLINE_SECONDS: Final = 30.0


class _Call:
    """A call from its start to its end."""

    def __init__(self, start: session_pb2.Command) -> None:
        self.command = start.id
        self.number = start.start.call
        self.channel = start.start.channel
        self.rpc = Rpc(start.start.rpc)
        self.timeout_ns = start.start.timeout_ns
        self.requests = [*start.start.requests]
        self.began = time.monotonic_ns()
        self.running: asyncio.Task[None] | None = None

    def events(self) -> session_pb2.Events:
        """A frame of it that still tells nothing."""
        return session_pb2.Events(call=self.number, at_ns=time.monotonic_ns() - self.began)


class Client:
    """Obeys a client's commands. `close` must be called."""

    def __init__(self, wire: Wire, program: Sequence[str], folder: Path, guard: Guard) -> None:
        self._wire = wire
        self._guard = guard
        self._program = program
        self._folder = folder
        self._channels: dict[int, list[str]] = {}
        self._calls: dict[int, _Call] = {}
        # As many operations at once as there are cores; streams that stay open are beside them.
        self._turns = asyncio.Semaphore(len(os.sched_getaffinity(0)))

    async def obey(self, command: session_pb2.Command) -> None:
        """Does what a command says."""
        kind = command.WhichOneof("command")
        match kind:
            case "open_channel":
                self._open(command.open_channel)
            case "close_channel":
                self._close(command.close_channel.channel)
            case "start":
                self._start(command)
            case "send":
                if call := self._calls.get(command.send.call):
                    call.requests.extend(command.send.requests)
            case "half_close":
                self._run(self._calls.get(command.half_close.call))
            case "cancel":
                self._cancel(self._calls.get(command.cancel.call))
            case _:
                self._wire.refuse(command.id, f"no command line says {kind or 'nothing'}")

    async def close(self) -> None:
        """Ends all operations."""
        running = [call.running for call in self._calls.values() if call.running]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _open(self, opening: session_pb2.OpenChannel) -> None:
        folder = self._folder / str(opening.channel)
        folder.mkdir(mode=0o700)
        host = f"[{opening.host}]" if ":" in opening.host else opening.host
        words = ["--server", f"{host}:{opening.port}"]
        if opening.security != session_pb2.SECURITY_PLAINTEXT:
            files = (
                ("--ca-file", opening.roots_pem),
                ("--cert-file", opening.identity.chain_pem),
                ("--key-file", opening.identity.key_pem),
            )
            name = ["--server-name", opening.server_name] if opening.server_name else []
            words += ["--tls", *write(files, folder), *name]
        if opening.max_receive_bytes:
            words += ["--max-receive-bytes", str(opening.max_receive_bytes)]
        self._channels[opening.channel] = words

    def _close(self, channel: int) -> None:
        for call in [call for call in self._calls.values() if call.channel == channel]:
            self._cancel(call)

    def _start(self, command: session_pb2.Command) -> None:
        call = self._calls[command.start.call] = _Call(command)
        if command.start.half_close:
            self._run(call)

    def _run(self, call: _Call | None) -> None:
        if call is not None and call.running is None:
            call.running = asyncio.ensure_future(self._operate(call))

    def _cancel(self, call: _Call | None) -> None:
        """Ends a call that nobody waits for any more."""
        if call is None:
            return
        del self._calls[call.number]
        if call.running is not None:
            call.running.cancel()
        events = call.events()
        events.status.code = 1
        self._wire.tell(session_pb2.Event(events=events))

    async def _operate(self, call: _Call) -> None:
        streams = call.rpc is Rpc.MONITOR
        try:
            async with contextlib.nullcontext() if streams else self._turns:
                events = await self._answer(call)
        except (AnswerError, Inexpressible, OSError) as error:
            self._wire.refuse(call.command, f"the client {error}")
        else:
            self._wire.tell(session_pb2.Event(events=events))
        self._calls.pop(call.number, None)

    async def _answer(self, call: _Call) -> session_pb2.Events:
        """The last frame of a call, whose operation has ended. Raises AnswerError."""
        said = operation(call.rpc, call.requests)
        seconds = call.timeout_ns / 1e9 or _DEADLINE_SECONDS
        flags = [*self._channels[call.channel], "--timeout-seconds", _decimal(seconds)]
        if call.rpc is Rpc.MONITOR:
            flags += ["--count", "0"]
        process = await asyncio.create_subprocess_exec(
            *self._program,
            *said.words(flags),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=MAX_FRAME_BYTES,
            process_group=0,
        )
        self._guard.watch(process.pid)
        try:
            async with asyncio.timeout(seconds + _DEADLINE_SECONDS):
                if call.rpc is Rpc.MONITOR:
                    await self._follow(call, process)
                out, err = await process.communicate(said.stdin)
        except TimeoutError:
            raise AnswerError(f"still ran {_DEADLINE_SECONDS:g} s after its deadline") from None
        finally:
            # With all that a wrapper may have started.
            kill_group(process.pid)
            await process.wait()
            self._guard.release(process.pid)
        return _ended(call, process.returncode, out, err)

    async def _follow(self, call: _Call, process: asyncio.subprocess.Process) -> None:
        """Tells the events of a stream as their lines come."""
        assert process.stdout is not None
        while line := await process.stdout.readline():
            events = call.events()
            events.responses.append(event(line))
            self._wire.tell(session_pb2.Event(events=events))


def _decimal(seconds: float) -> str:
    return f"{seconds:.9f}".rstrip("0").rstrip(".")


def _ended(call: _Call, code: int | None, out: bytes, err: bytes) -> session_pb2.Events:
    sys.stderr.buffer.write(err)
    sys.stderr.flush()
    if code is None or code < 0:
        raise AnswerError(describe_exit(code or 0))
    events = call.events()
    events.status.CopyFrom(status(call.rpc, code, out, err))
    if code == 0 or call.rpc is Rpc.TRADE:
        events.responses.extend(responses(call.rpc, out))
    return events
