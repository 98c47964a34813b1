"""A program driven by frames, one command at a time, without the runner between."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from conformance.life.programs import Implementation, Running, start
from conformance.runner.frames import frame
from proto import session_pb2


class Driven:
    """A session with a program that has said Hello."""

    def __init__(self, program: Running) -> None:
        """Takes the Hello."""
        self.program = program
        self._commands = 0
        self.hello = self.event().hello

    def event(self) -> session_pb2.Event:
        """The next frame."""
        length = int.from_bytes(self.program.read(4), "big")
        return session_pb2.Event.FromString(self.program.read(length))

    def tell(self, command: session_pb2.Command) -> int:
        """Numbers and sends a command; its number."""
        self._commands += 1
        command.id = self._commands
        self.write(frame(command.SerializeToString()))
        return self._commands

    def write(self, data: bytes) -> None:
        """Writes bytes as they are."""
        self.program.stdin.write(data)
        self.program.stdin.flush()

    def refused(self, command: session_pb2.Command) -> str:
        """Gives a command that must be answered by Failure; the reason, one line."""
        number = self.tell(command)
        failure = self.event().failure
        assert failure.id == number
        assert failure.reason
        assert "\n" not in failure.reason
        return failure.reason

    def listen(self, listener: int, host: str = "127.0.0.1") -> str:
        """Opens a listener in plaintext; its endpoint."""
        opening = session_pb2.Listen(
            listener=listener, host=host, security=session_pb2.SECURITY_PLAINTEXT
        )
        self.tell(session_pb2.Command(listen=opening))
        listening = self.event().listening
        assert listening.listener == listener
        return f"{host}:{listening.port}"

    def end(self) -> tuple[int, bytes]:
        """Ends its standard input; its exit code, and what it still had to say."""
        self.program.stdin.close()
        rest = self.program.rest()
        return self.program.wait(), rest


@contextlib.contextmanager
def drive(of: Implementation, role: str, folder: Path, *words: str) -> Iterator[Driven]:
    """Starts a program with `--session`."""
    with start(of, role, folder, "--session", *words) as program:
        yield Driven(program)
