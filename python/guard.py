"""What stands between the library and every handler: a peer's bytes and a handler's faults stop here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeAlias

import grpc
from google.protobuf.message import DecodeError

from python import log
from python.running import RunningCalls

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
# A handler's function: takes the request, or an iterable of them, and the context; gives the response,
# or an iterable of them.
Behaviour = Callable[[Any, grpc.ServicerContext], Any]

_MAKERS = {
    (False, False): ("unary_unary", grpc.unary_unary_rpc_method_handler),
    (False, True): ("unary_stream", grpc.unary_stream_rpc_method_handler),
    (True, False): ("stream_unary", grpc.stream_unary_rpc_method_handler),
    (True, True): ("stream_stream", grpc.stream_stream_rpc_method_handler),
}


def behaviour_of(handler: Handler) -> Behaviour:
    """The function of a method handler, whatever its shape."""
    name, _ = _MAKERS[bool(handler.request_streaming), bool(handler.response_streaming)]
    behaviour: Behaviour = getattr(handler, name)
    return behaviour


def with_behaviour(
    handler: Handler, behaviour: Behaviour, decode: Callable[[bytes], Any] | None
) -> Handler:
    """The same method with another function and another request deserializer (None: handed the bytes)."""
    _, make = _MAKERS[bool(handler.request_streaming), bool(handler.response_streaming)]
    return make(behaviour, decode, handler.response_serializer)


class GuardInterceptor(grpc.ServerInterceptor):
    """Decodes requests in the call's own thread and hides what a fault says.

    The library decodes in the one thread that serves all calls, prints a trace where a streamed request
    does not decode, and sends the text of a handler's exception to the peer.
    """

    def __init__(self, running: RunningCalls) -> None:
        self._running = running
        self._guarded: dict[Handler, Handler] = {}

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Handler | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        handler = continuation(handler_call_details)
        if handler is None:
            return None
        if handler not in self._guarded:
            self._guarded[handler] = guarded(handler, self._running)
        return self._guarded[handler]


def guarded(handler: Handler, running: RunningCalls) -> Handler:
    """A method handler whose decoding and faults end the call as they should, and whose calls are counted."""
    behaviour = behaviour_of(handler)
    decode: Callable[[bytes], Any] = handler.request_deserializer or bytes

    def arguments(raw: Any) -> Any:
        return map(decode, raw) if handler.request_streaming else decode(raw)

    def unary(raw: Any, context: grpc.ServicerContext) -> Any:
        running.add(context)
        try:
            return behaviour(arguments(raw), context)
        except Exception as fault:
            end(context, fault)

    def stream(raw: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        running.add(context)
        try:
            yield from behaviour(arguments(raw), context)
        except Exception as fault:
            end(context, fault)

    return with_behaviour(handler, stream if handler.response_streaming else unary, None)


def end(context: grpc.ServicerContext, fault: Exception) -> NoReturn:
    """Ends a call whose handler raised `fault`."""
    aborted = context.code() is not None  # type: ignore[attr-defined]  # types-grpcio lacks it
    if aborted or isinstance(fault, grpc.RpcError):
        raise fault  # cancelled, or the handler's own context.abort
    if isinstance(fault, DecodeError):
        context.abort(grpc.StatusCode.INTERNAL, "request does not decode")
    log.fault("handler failed", fault)
    context.abort(grpc.StatusCode.UNKNOWN, "handler failed")
