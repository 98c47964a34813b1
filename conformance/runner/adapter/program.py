"""Speaks the session protocol for a program that has none, and drives it by its command line.

    program.py server [--conformance] -- PROGRAM [ARGUMENT ...]
    program.py client -- PROGRAM [ARGUMENT ...]

The runner starts it in the place of the program. It decides and judges nothing: a server is one process
for each listener, a client one process for each call. What a command line cannot say the runner does
not ask (../spoken.py); what reaches this program all the same is answered by Failure.
"""

import asyncio
import contextlib
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from conformance.runner.adapter.about import About, ask
from conformance.runner.adapter.client import Client
from conformance.runner.adapter.server import Server
from conformance.runner.adapter.wire import Wire
from conformance.runner.config import KeyType
from conformance.runner.process import Guard
from conformance.runner.session import PROTOCOL
from conformance.runner.way import CONFORMANCE_FLAG
from proto import session_pb2


def hello(role: str, about: About) -> session_pb2.Event:
    """The first frame. A command line claims nothing: of key types all are expected."""
    said = session_pb2.Hello(
        protocol=PROTOCOL,
        role=session_pb2.ROLE_SERVER if role == "server" else session_pb2.ROLE_CLIENT,
        language=about.language,
        library=about.library,
        version=about.version,
        supports=[f"key_type:{key}" for key in KeyType if key is not KeyType.NONE],
    )
    return session_pb2.Event(hello=said)


async def serve(role: str, flags: Sequence[str], program: Sequence[str]) -> int:
    """Obeys until standard input ends; the exit code."""
    wire = Wire()
    with (
        contextlib.closing(Guard()) as guard,
        tempfile.TemporaryDirectory(prefix="stock-") as folder,
    ):
        shared = CONFORMANCE_FLAG in flags
        made = Server(wire, program, Path(folder), guard, shared) if role == "server" else None
        driven = made or Client(wire, program, Path(folder), guard)
        wire.tell(hello(role, await ask(role, program)))
        tasks: set[asyncio.Task[None]] = set()
        async for command in wire.commands():
            task = asyncio.ensure_future(_obey(wire, driven, command))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await driven.close()
    return 0


async def _obey(wire: Wire, driven: Server | Client, command: session_pb2.Command) -> None:
    try:
        await driven.obey(command)
    except Exception as error:
        wire.refuse(command.id, f"the adapter failed: {type(error).__name__}: {error}")


def main(argv: Sequence[str]) -> int:
    """Runs the adapter; the exit code."""
    # The runner ends it by the end of standard input; a terminal's interrupt is for the runner.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    split = argv.index("--")
    role, *flags = argv[:split]
    return asyncio.run(serve(role, flags, argv[split + 1 :]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
