"""What a session's streams wait for: requests that may be sent, responses that may be read."""

from __future__ import annotations

import collections
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from proto import session_pb2
from python.session.common import CommandError
from python.session.methods import Method


class Requests:
    """The requests of a call: the library's own thread takes them one by one, as it can send them."""

    def __init__(self, requests: Iterable[session_pb2.Request], *, closed: bool) -> None:
        self._changed = threading.Condition()
        self._waiting = collections.deque(requests)
        self._closed = closed
        self._over = False

    def add(self, requests: Iterable[session_pb2.Request]) -> None:
        """Queues requests. Raises CommandError where they have ended."""
        with self._changed:
            self._check_open()
            self._waiting.extend(requests)
            self._changed.notify()

    def close(self) -> None:
        """Ends the requests after those queued. Raises CommandError where they have ended."""
        with self._changed:
            self._check_open()
            self._closed = True
            self._changed.notify()

    def end(self) -> int:
        """Ends them at once, as the call has; how many were not taken."""
        with self._changed:
            self._over = True
            self._changed.notify()
            return len(self._waiting)

    def taken(self, method: Method) -> Iterator[Any]:
        """The messages for the stub."""
        while (request := self._take()) is not None:
            yield method.request(request)

    def _take(self) -> session_pb2.Request | None:
        with self._changed:
            while not (self._waiting or self._closed or self._over):
                self._changed.wait()
            return self._waiting.popleft() if self._waiting and not self._over else None

    def _check_open(self) -> None:
        if self._closed:
            raise CommandError("call: its requests have ended")


class Credit:
    """How many responses may still be read."""

    def __init__(self, credit: int) -> None:
        self._changed = threading.Condition()
        self._left: int | None = credit or None  # None: as many as come
        self._over = False

    def add(self, credit: int) -> None:
        """Allows more; 0 stands for all."""
        with self._changed:
            self._left = None if credit == 0 else (self._left or 0) + credit
            self._changed.notify()

    def end(self) -> None:
        """Lets go who waits, as the call has ended."""
        with self._changed:
            self._over = True
            self._changed.notify()

    def take(self) -> bool:
        """Waits until a response may be read; False where the call ends before."""
        with self._changed:
            while self._left == 0 and not self._over:
                self._changed.wait()
            if self._left == 0:
                return False
            if self._left is not None:
                self._left -= 1
            return True
