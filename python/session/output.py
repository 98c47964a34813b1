"""Writes a session's events: what is ready together leaves in one write."""

from __future__ import annotations

import collections
import contextlib
import os
import threading
from collections.abc import Callable, Iterable

from proto import session_pb2
from python.session.frames import encode

# Gives the events that are ready by the time they can be written.
Source = Callable[[], Iterable[session_pb2.Event]]


def take_output() -> int:
    """Takes standard output away from everything else in the process, for frames alone."""
    output = os.dup(1)
    os.dup2(2, 1)
    return output


class Writer:
    """Writes events to a file descriptor, from whichever thread finds nobody else writing.

    A thread of its own would cost every event two changes of threads.
    """

    def __init__(self, output: int) -> None:
        self._output = output
        self._sources: collections.deque[Source] = collections.deque()
        self._writing = threading.Lock()

    def send(self, event: session_pb2.Event) -> None:
        """Writes an event, or leaves it to the thread that is writing."""
        self.push(lambda: (event,))

    def push(self, source: Source) -> None:
        """Asks a source for its events, once, and writes them, or leaves that to the thread that is writing."""
        self._sources.append(source)
        # Whoever writes looks again after giving way, so that nothing stays behind.
        while self._sources and self._writing.acquire(blocking=False):
            try:
                self._write()
            finally:
                self._writing.release()

    def close(self, timeout: float) -> None:
        """Waits until what has been pushed is written, at most `timeout` seconds."""
        if self._writing.acquire(timeout=timeout):
            self._writing.release()

    def _write(self) -> None:
        frames = bytearray()
        with contextlib.suppress(IndexError):
            while True:
                for event in self._sources.popleft()():
                    frames += encode(event)
        data = memoryview(frames)
        # A runner that is gone needs no events; the end of standard input ends the session.
        with contextlib.suppress(BrokenPipeError):
            while data:
                data = data[os.write(self._output, data) :]
