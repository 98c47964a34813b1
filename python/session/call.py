"""A session's running calls: what a library is told to do, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import grpc

from proto import session_pb2
from python.headers import pairs
from python.session.common import CommandError
from python.session.flow import Credit, Requests
from python.session.methods import Method
from python.session.report import Report, status_of

# What the argument `compression` of a stub becomes. The future of a client stream takes it and forgets it
# (grpcio 1.85: _StreamUnaryMultiCallable.future).
_GZIP = (("grpc-internal-encoding-request", "gzip"),)


def call_arguments(start: session_pb2.Start) -> dict[str, Any]:
    """What every stub takes beside the requests."""
    compression = _GZIP if start.compress else ()
    arguments: dict[str, Any] = {"metadata": pairs(start.metadata) + compression}
    if start.timeout_ns:
        arguments["timeout"] = start.timeout_ns / 1e9
    if start.wait_for_ready:
        arguments["wait_for_ready"] = True
    return arguments


class UnaryCall:
    """A call that has sent its request and waits for its end, which costs no thread."""

    def __init__(self, method: Method, start: session_pb2.Start, report: Report) -> None:
        self._method = method
        self._report = report
        request = method.request(start.requests[0])
        self._call = method.stub.future(request, **call_arguments(start))

    def run(self, ended: Callable[[], None]) -> None:
        """Reports what comes; `ended` is called before the status is told."""

        def report(call: Any) -> None:
            ended()
            self._tell(call)

        self._call.add_done_callback(report)

    def _tell(self, call: Any) -> None:
        code = call.code()
        succeeded = code is grpc.StatusCode.OK
        initial = call.initial_metadata()
        self._report.unary(
            initial if initial or succeeded else None,
            self._method.response(call.result()) if succeeded else None,
            status_of(code, call.details() or "", call.trailing_metadata() or ()),
        )

    def send(self, requests: Iterable[session_pb2.Request]) -> None:
        """Cannot be obeyed: a unary call half-closes at its start."""
        raise CommandError("call: its requests have ended")

    def half_close(self) -> None:
        """As `send`."""
        raise CommandError("call: its requests have ended")

    def receive(self, credit: int) -> None:
        """Means nothing for one response."""

    def cancel(self) -> None:
        """Cancels the call."""
        self._call.cancel()


class StreamCall:
    """A call with a stream, which is read in a thread of its own."""

    def __init__(self, method: Method, start: session_pb2.Start, report: Report) -> None:
        self._method = method
        self._report = report
        self._credit = Credit(start.credit)
        closed = start.half_close or not method.sends_stream
        self._requests = Requests(start.requests if method.sends_stream else (), closed=closed)
        # The blocking call of a client stream tells nothing before its end; its future does.
        stub = method.stub if method.gives_stream else method.stub.future
        requests = (
            self._requests.taken(method)
            if method.sends_stream
            else method.request(start.requests[0])
        )
        self._call = stub(requests, **call_arguments(start))
        if not self._call.add_callback(self._credit.end):
            self._credit.end()

    def run(self, ended: Callable[[], None]) -> None:
        """Reports what comes, to the end; `ended` is called before the status is told."""
        initial = self._call.initial_metadata()
        # The library gives an empty one too where the call ended without (trailers only).
        if initial or self._call.is_active():
            self._report.headers(initial or ())
        if self._method.gives_stream:
            self._read_all()
        elif self._call.code() is grpc.StatusCode.OK:
            self._report.response(self._method.response(self._call.result()))
        code = self._call.code()
        unsent = self._requests.end()
        trailing = self._call.trailing_metadata() or ()
        ended()
        self._report.status(code, self._call.details() or "", trailing, unsent)

    def send(self, requests: Iterable[session_pb2.Request]) -> None:
        """Queues requests."""
        requests = tuple(requests)
        self._method.check(requests)
        self._requests.add(requests)

    def half_close(self) -> None:
        """Ends the requests after those queued."""
        self._requests.close()

    def receive(self, credit: int) -> None:
        """Allows more responses; 0 stands for all."""
        self._credit.add(credit)

    def cancel(self) -> None:
        """Cancels the call."""
        self._call.cancel()

    def _read_all(self) -> None:
        """Reads responses, as many as the credit allows, until the call ends."""
        try:
            while self._credit.take():
                self._report.response(self._method.response(next(self._call)))
        except (StopIteration, grpc.RpcError):
            return  # the status tells why
