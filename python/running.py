"""The calls that run, counted, so that a drain knows when the last one has ended."""

from __future__ import annotations

import threading

import grpc


class RunningCalls:
    """Counts calls from the begin of their handlers until their last byte has gone. Safe for threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def add(self, context: grpc.ServicerContext) -> None:
        """Counts a call until it ends."""
        with self._changed:
            self._count += 1
        if not context.add_callback(self._remove):
            self._remove()

    def wait_until_none(self, timeout: float) -> bool:
        """Waits until none runs, at most `timeout` seconds; whether none does."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, timeout)

    def _remove(self) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()
