"""What ends a server: a signal, the end of its session, or that it has drained."""

from __future__ import annotations

import os
import select
import signal

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ends:
    """Reasons to end, one byte each in a pipe. It lives as long as the process.

    Python runs its signal handlers in the main thread, between two instructions. A main thread that waits for
    a lock, as a queue does, sleeps through a signal that another thread was given, or that came a moment
    before the wait. The wakeup descriptor is written wherever and whenever a signal arrives.
    """

    def __init__(self) -> None:
        """From here on SIGTERM and SIGINT are reasons. For the main thread."""
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, lambda *_: None)

    def put(self) -> None:
        """Adds a reason. Safe for threads."""
        os.write(self._write, b"\0")

    def wait(self, timeout: float | None = None) -> bool:
        """Takes a reason, waiting for it at most `timeout` seconds; whether there was one."""
        ready, _, _ = select.select([self._read], [], [], timeout)
        return bool(ready and os.read(self._read, 1))
