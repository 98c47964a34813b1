"""What a cache was asked and answered, read from its log while it runs."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_CREATED = range(200, 300)
_FOUND = range(200, 300)


@dataclass(frozen=True)
class Count:
    """Requests and bytes; what came in, what went out."""

    requests: Counter[str] = field(default_factory=Counter)
    received: int = 0
    sent: int = 0

    def text(self) -> str:
        """One line."""
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(self.requests.items()))
        return (
            f"{kinds or 'no requests'}; {megabytes(self.received)} in, {megabytes(self.sent)} out"
        )


def megabytes(number: int) -> str:
    """A number of bytes as people read it."""
    return f"{number / 1e6:.1f} MB"


class Traffic:
    """Counts the lines `METHOD STATUS RECEIVED SENT` of a log, in a thread that ends with it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._changed = threading.Condition()
        self._count = Count()
        self._thread = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self._thread.start()

    def _read(self, lines: Iterable[str]) -> None:
        for line in lines:
            with self._changed:
                self._count = counted(self._count, line)
                self._changed.notify_all()

    @property
    def count(self) -> Count:
        """What was counted so far."""
        with self._changed:
            return self._count

    def wait_for(self, kind: str, number: int, seconds: float) -> bool:
        """Waits until so many requests of a kind were answered; false where that takes too long."""
        end = time.monotonic() + seconds
        with self._changed:
            while self._count.requests[kind] < number:
                if not self._changed.wait(max(0.0, end - time.monotonic())):
                    return False
        return True

    def join(self, seconds: float) -> None:
        """Waits for the log's end."""
        self._thread.join(seconds)


def counted(count: Count, line: str) -> Count:
    """A count, and one line more; what is no such line changes nothing."""
    fields = line.split()
    if len(fields) != 4 or not all(field.isdigit() for field in fields[1:]):
        return count
    method, status, received, sent = fields[0], *map(int, fields[1:])
    requests = count.requests + Counter({_kind(method, status): 1})
    return Count(requests, count.received + received, count.sent + sent)


def _kind(method: str, status: int) -> str:
    if method == "GET":
        return "hits" if status in _FOUND else "misses" if status == 404 else f"GET {status}"
    if method == "PUT":
        return "stored" if status in _CREATED else "refused" if status == 403 else f"PUT {status}"
    return f"{method} {status}"
