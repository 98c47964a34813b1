"""Conformance mode: does to a call what the directive in its metadata says, without the handlers knowing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

import grpc
from google.protobuf.message import DecodeError

from proto import session_pb2
from python.guard import Behaviour, Handler, behaviour_of, with_behaviour
from python.headers import DETAILS_KEY, metadata, pairs
from python.store import Stores

KEY = "stock-directive-bin"

# The status codes by their numbers.
CODES: dict[int, grpc.StatusCode] = {code.value[0]: code for code in grpc.StatusCode}

# Receives the tag and the observation of a call that has ended.
Report = Callable[[str, session_pb2.Observation], None]


class DirectiveInterceptor(grpc.ServerInterceptor):
    """Obeys directives. `report` gets the observations of tagged calls, from any thread; None: nobody asks."""

    def __init__(self, stores: Stores, report: Report | None = None) -> None:
        self._stores = stores
        self._report = report
        self._directed: dict[Handler, Handler] = {}

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Handler | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        handler = continuation(handler_call_details)
        if handler is None:
            return None
        if handler not in self._directed:
            self._directed[handler] = self._direct(handler)
        return self._directed[handler]

    def open(self, context: grpc.ServicerContext, handler: Handler) -> DirectedCall | None:
        """The directed call, or None where the caller sent no directive. Ends the call if it does not decode."""
        metadata = context.invocation_metadata()
        sent = [value for name, value in metadata if name == KEY and isinstance(value, bytes)]
        if not sent:
            return None
        try:
            directive = session_pb2.Directive.FromString(sent[0])
        except DecodeError:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "bad directive")
        self._stores.use(directive.store)
        return DirectedCall(directive, context, handler, self._report)

    def _direct(self, handler: Handler) -> Handler:
        behaviour = behaviour_of(handler)

        def unary(request: Any, context: grpc.ServicerContext) -> Any:
            call = self.open(context, handler)
            return behaviour(request, context) if call is None else call.unary(behaviour, request)

        def stream(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            call = self.open(context, handler)
            yield from (
                behaviour(request, context) if call is None else call.stream(behaviour, request)
            )

        return with_behaviour(
            handler, stream if handler.response_streaming else unary, handler.request_deserializer
        )


class DirectedContext:
    """A call's context whose initial metadata is that of the directive; all else is the library's own."""

    def __init__(self, context: grpc.ServicerContext, call: DirectedCall) -> None:
        self._context = context
        self._call = call

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def send_initial_metadata(self, initial_metadata: Iterable[tuple[str, str | bytes]]) -> None:
        self._call.send_headers(always=True)


class DirectedCall:
    """One call under a directive."""

    def __init__(
        self,
        directive: session_pb2.Directive,
        context: grpc.ServicerContext,
        handler: Handler,
        report: Report | None,
    ) -> None:
        self._directive = directive
        self._context = context
        self._reads_stream = bool(handler.request_streaming)
        self._sends_stream = bool(handler.response_streaming)
        self._report = report
        self._headers_sent = False
        self._answered = False
        self._over = threading.Event()
        self._observation = observe(context)
        if not context.add_callback(self._ended):
            self._ended()

    def unary(self, behaviour: Behaviour, request: Any) -> Any:
        """Runs a handler with one response."""
        try:
            self._begin()
            response = self._handle(behaviour, request)
            self.send_headers()
        except Exception as fault:
            self._fault(fault)
            raise
        self._answered = True
        return response

    def stream(self, behaviour: Behaviour, request: Any) -> Iterator[Any]:
        """Runs a handler with a stream of responses."""
        after = self._directive.fail.after
        try:
            self._begin()
            for response in self._handle(behaviour, request):
                self.send_headers()
                self._observation.messages_sent += 1
                yield response
                if self._observation.messages_sent == after:
                    self.fail()
            self.send_headers()
        except Exception as fault:
            self._fault(fault)
            raise

    def send_headers(self, *, always: bool = False) -> None:
        """Sends the directive's initial metadata, once. Without any, only if asked to `always`."""
        if self._headers_sent or not (always or self._directive.headers.entries):
            return
        self._headers_sent = True
        self._context.send_initial_metadata(pairs(self._directive.headers))

    def fail(self) -> NoReturn:
        """Ends the call with the directive's status."""
        fail = self._directive.fail
        details = ((DETAILS_KEY, fail.details),) if fail.details else ()
        self._context.set_trailing_metadata(pairs(self._directive.trailers) + details)
        code = CODES.get(fail.code)
        if code is None or code is grpc.StatusCode.OK:
            self._context.abort(grpc.StatusCode.INVALID_ARGUMENT, "bad directive")
        self._context.abort(code, fail.message)

    def _begin(self) -> None:
        directive = self._directive
        if directive.compress:
            self._context.set_compression(grpc.Compression.Gzip)
        self._context.set_trailing_metadata(pairs(directive.trailers))
        if directive.headers_first:
            self.send_headers(always=True)
        if directive.delay_ms and self._over.wait(directive.delay_ms / 1000):
            self._context.abort(
                grpc.StatusCode.CANCELLED, "call is over"
            )  # its handler need not begin
        if directive.throw:
            raise RuntimeError("thrown for a directive")
        streams = self._reads_stream or self._sends_stream
        if directive.HasField("fail") and not (streams and directive.fail.after):
            self.fail()

    def _handle(self, behaviour: Behaviour, request: Any) -> Any:
        context: Any = DirectedContext(self._context, self)  # stands in for the library's
        return behaviour(self._requests(request), context)

    def _requests(self, request: Any) -> Any:
        if self._reads_stream:
            return self._counted(request)
        self._observation.messages_read = 1
        return request

    def _counted(self, requests: Iterator[Any]) -> Iterator[Any]:
        after = 0 if self._sends_stream else self._directive.fail.after
        for request in requests:
            self._observation.messages_read += 1
            yield request
            if self._observation.messages_read == after:
                self.fail()

    def _fault(self, fault: Exception) -> None:
        if not isinstance(fault, grpc.RpcError) and self._context.is_active():
            self.send_headers()

    def _ended(self) -> None:
        self._over.set()
        if self._report and self._directive.tag:
            cancelled = self._observation.cancelled = was_cancelled(self._context)
            # The library takes the one response of a call that is cancelled and does not send it.
            self._observation.messages_sent += self._answered and not cancelled
            self._report(self._directive.tag, self._observation)


def was_cancelled(context: grpc.ServicerContext) -> bool:
    """Whether a call that is over was cancelled or ran out of time.

    The library tells only by refusing to go on. It ends the requests of a cancelled call as if they
    had been half-closed where it hears of the cancellation a moment later, so a handler cannot tell.
    """
    try:
        context.send_initial_metadata(())
    except grpc.RpcError:
        return True
    except ValueError:  # sent already
        return False
    return False


def observe(context: grpc.ServicerContext) -> session_pb2.Observation:
    """What the library shows of a call when it begins."""
    observation = session_pb2.Observation(metadata=metadata(context.invocation_metadata()))
    remaining: float | None = context.time_remaining()
    if remaining is not None and remaining < threading.TIMEOUT_MAX:
        observation.deadline_ns = int(remaining * 1e9)
    for certificate in context.auth_context().get("x509_pem_cert", ()):
        observation.peer_certificate_pem = bytes(certificate)
    return observation
