"""A cache that answers every question with garbage, as if it had everything."""

import contextlib
import http.server
import random
import threading
from collections.abc import Iterator

GARBAGE = 4096


class _Liar(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A class of its own for each server: what it answers, and how often it did.
    body = b""
    answered = 0
    tokens: frozenset[str] = frozenset()

    def do_GET(self) -> None:
        """What was never asked for."""
        given = self.headers.get_all("Authorization", [])
        type(self).answered += 1
        type(self).tokens |= frozenset(given)
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


class Liar:
    """Where it is, how often it has lied, and what it was told."""

    def __init__(self, handler: type[_Liar], port: int) -> None:
        self._handler = handler
        self.url = f"http://127.0.0.1:{port}"

    @property
    def answered(self) -> int:
        """The number of its answers."""
        return self._handler.answered

    @property
    def tokens(self) -> frozenset[str]:
        """The credentials that it was shown."""
        return self._handler.tokens

    def flags(self) -> list[str]:
        """Bazel's flags for it."""
        return [f"--remote_cache={self.url}"]


@contextlib.contextmanager
def liar(body: bytes) -> Iterator[Liar]:
    """A cache that answers `body` whatever it is asked."""
    handler = type("Handler", (_Liar,), {"body": body})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Liar(handler, server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


def garbage() -> bytes:
    """Bytes that are nothing, the same each time."""
    return random.Random(0).randbytes(GARBAGE)
