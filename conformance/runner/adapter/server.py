"""A server without a session: one process for each listener, started by the flags of the contract."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from conformance.runner.adapter.ready import NotReady, Serving, start
from conformance.runner.adapter.wire import Wire
from conformance.runner.process import Guard
from conformance.runner.way import CONFORMANCE_FLAG
from proto import session_pb2

_MODES: Final = {
    session_pb2.SECURITY_PLAINTEXT: "none",
    session_pb2.SECURITY_TLS: "tls",
    session_pb2.SECURITY_MTLS: "mtls",
}


class Server:
    """Obeys a server's commands. `close` must be called."""

    def __init__(
        self, wire: Wire, program: Sequence[str], folder: Path, guard: Guard, shared: bool
    ) -> None:
        """`shared`: a listener is every permutation's; with it this program has come to its end."""
        self._wire = wire
        self._guard = guard
        self._program = program
        self._folder = folder
        self._shared = shared
        self._serving: dict[int, Serving] = {}
        self._watching: dict[int, asyncio.Task[None]] = {}

    async def obey(self, command: session_pb2.Command) -> None:
        """Does what a command says."""
        kind = command.WhichOneof("command")
        if kind == "listen":
            await self._listen(command)
        elif kind == "stop":
            await self._stop(command)
        elif kind != "forget":
            self._wire.refuse(command.id, f"no command for a server: {kind or 'nothing to do'}")

    async def close(self) -> None:
        """Ends all servers."""
        for task in self._watching.values():
            task.cancel()
        await asyncio.gather(*(serving.end(0) for serving in self._serving.values()))

    async def _listen(self, command: session_pb2.Command) -> None:
        listen = command.listen
        folder = self._folder / str(listen.listener)
        folder.mkdir(mode=0o700)
        shared = [CONFORMANCE_FLAG] if self._shared else []
        try:
            argv = [*self._program, *shared, *flags(listen, folder)]
            serving = await start(argv, folder / "log", self._guard)
        except NotReady as error:
            self._wire.refuse(command.id, f"the server {error}")
            return
        self._serving[listen.listener] = serving
        if self._shared:
            self._watching[listen.listener] = asyncio.ensure_future(self._watch(serving))
        listening = session_pb2.Listening(listener=listen.listener, port=serving.port)
        self._wire.tell(session_pb2.Event(listening=listening))

    async def _stop(self, command: session_pb2.Command) -> None:
        if watching := self._watching.pop(command.stop.listener, None):
            watching.cancel()
        serving = self._serving.pop(command.stop.listener, None)
        if serving is None:
            self._wire.refuse(command.id, f"no listener {command.stop.listener}")
        elif wrong := await serving.end(command.stop.grace_ms / 1000):
            self._wire.refuse(command.id, f"the server {wrong}")
        else:
            stopped = session_pb2.Stopped(listener=command.stop.listener)
            self._wire.tell(session_pb2.Event(stopped=stopped))

    async def _watch(self, serving: Serving) -> None:
        """Ends as the server has ended, by itself."""
        wrong = await serving.wait()
        print(f"adapter: the server {wrong}", file=sys.stderr, flush=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        exited = serving.process.exited
        code = exited.result() if exited.done() else None
        if code is not None and code < 0:
            with contextlib.suppress(OSError):
                signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
        # Of a server that has not ended but said too much: the code of a broken protocol.
        os._exit(4 if code is None else code)


def flags(listen: session_pb2.Listen, folder: Path) -> list[str]:
    """The flags of a listener; what it is given is written into a folder."""
    words = ["--port", str(listen.port), "--tls-mode", _MODES[listen.security]]
    if listen.host != "127.0.0.1":
        words += ["--host", listen.host]
    if listen.max_receive_bytes:
        words += ["--max-receive-bytes", str(listen.max_receive_bytes)]
    files = (
        ("--cert-file", listen.identity.chain_pem),
        ("--key-file", listen.identity.key_pem),
        ("--client-ca-file", listen.client_roots_pem),
    )
    return [*words, *write(files, folder)]


def write(files: Sequence[tuple[str, bytes]], folder: Path) -> Iterator[str]:
    """Flags with the names of the files that hold their contents; nothing for what is empty."""
    for flag, content in files:
        if content:
            path = folder / f"{flag.strip('-')}.pem"
            path.write_bytes(content)
            yield flag
            yield str(path)
