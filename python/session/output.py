"""Writes a session's events, in a thread of its own, so that nobody waits for the runner."""

from __future__ import annotations

import os
import queue
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
    """Writes events to a file descriptor. What is ready together leaves in one write."""

    def __init__(self, output: int) -> None:
        self._output = output
        self._sources: queue.SimpleQueue[Source | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def send(self, event: session_pb2.Event) -> None:
        """Queues an event; from any thread."""
        self._sources.put(lambda: (event,))

    def push(self, source: Source) -> None:
        """Queues a source, which is asked once; from any thread."""
        self._sources.put(source)

    def close(self, timeout: float) -> None:
        """Waits until what is queued is written, at most `timeout` seconds."""
        self._sources.put(None)
        self._thread.join(timeout)

    def _run(self) -> None:
        more = True
        while more:
            sources = [self._sources.get()]
            while not self._sources.empty():
                sources.append(self._sources.get())
            more = None not in sources
            frames = (encode(event) for source in sources if source for event in source())
            data = memoryview(b"".join(frames))
            while data:
                try:
                    data = data[os.write(self._output, data) :]
                except BrokenPipeError:
                    return  # the runner is gone; the end of standard input ends the session
