"""The adapter's end of a session: commands from standard input, events to standard output."""

import asyncio
import os
from collections.abc import AsyncIterator

from conformance.runner.frames import FrameReader, frame
from proto import session_pb2

_CHUNK = 1 << 16


class Wire:
    """Standard streams that carry frames. `commands` ends with standard input."""

    def __init__(self) -> None:
        """Takes standard output away from whatever else might print."""
        self._out = os.dup(1)
        os.dup2(2, 1)

    async def commands(self) -> AsyncIterator[session_pb2.Command]:
        """The runner's commands, in order."""
        reader = asyncio.StreamReader()
        with os.fdopen(os.dup(0), "rb", buffering=0) as stdin:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), stdin
            )
            frames = FrameReader()
            while chunk := await reader.read(_CHUNK):
                for message in frames.feed(chunk):
                    yield session_pb2.Command.FromString(message)
            transport.close()

    def tell(self, event: session_pb2.Event) -> None:
        """Writes one frame."""
        data = frame(event.SerializeToString())
        while data:
            data = data[os.write(self._out, data) :]

    def refuse(self, command: int, reason: str) -> None:
        """Answers a command that could not be obeyed."""
        failure = session_pb2.Failure(id=command, reason=" ".join(reason.split()))
        self.tell(session_pb2.Event(failure=failure))
