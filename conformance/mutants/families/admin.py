"""Servers whose health, reflection or defence against malformed requests is wrong."""

from typing import Any

import grpc
from google.protobuf.message import DecodeError
from grpc_health.v1 import health_pb2

from conformance.mutants.mutant import Role, mutant, switch
from conformance.runner.config import Config, KeyType, Security
from python import guard, reflection
from python.health import Health
from python.reflection import Reflection
from python.session import server as session_server


@mutant(Role.SERVER, "health_check_unknown")
def serves_everything() -> None:
    """Check says SERVING of a service that there is not."""

    @switch(Health, "Check")
    def check(original: Any, self: Health, request: Any, context: Any) -> Any:
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)


@mutant(Role.SERVER, "health_check_serving", "health_watch")
def forgets_kv() -> None:
    """Health does not know the older service."""

    @switch(Health, "__init__")
    def init(original: Any, self: Health, services: Any) -> None:
        original(self, [service for service in services if service != "proto.KV"])


@mutant(Role.SERVER, "health_watch")
def ends_watches() -> None:
    """Watch ends after its first answer."""

    @switch(Health, "Watch")
    def watch(original: Any, self: Health, request: Any, context: Any, *rest: Any) -> Any:
        yield next(original(self, request, context, *rest))


@mutant(Role.SERVER, "reflection_v1", "reflection_v1alpha")
def hides_the_older_reflection() -> None:
    """Reflection does not list its own older version."""

    @switch(Reflection, "__init__")
    def init(original: Any, self: Reflection, services: Any) -> None:
        original(self, services)
        listed = [
            name for name in self._service_names if not name.startswith("grpc.reflection.v1alpha")
        ]
        self._service_names = tuple(listed)


@mutant(Role.SERVER, "reflection_v1", "reflection_v1alpha")
def finds_no_methods() -> None:
    """Reflection finds no symbol that is a method."""

    @switch(reflection._Pool, "FindFileContainingSymbol")
    def find(original: Any, self: Any, symbol: str) -> Any:
        return self._pool.FindFileContainingSymbol(symbol)


@mutant(
    Role.SERVER,
    "malformed_request",
    "malformed_item_keeps_applied",
)
def blames_the_caller() -> None:
    """A request that does not decode is INVALID_ARGUMENT."""

    @switch(guard, "end")
    def end(original: Any, context: Any, fault: Exception) -> Any:
        if isinstance(fault, DecodeError):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "request does not decode")
        original(context, fault)


@mutant(Role.SERVER, "malformed_key")
def replaces_bad_keys() -> None:
    """What is not UTF-8 in a request is replaced by a question mark."""

    @switch(guard, "guarded")
    def guarded(original: Any, handler: Any, running: Any) -> Any:
        decode = handler.request_deserializer

        def lenient(raw: bytes) -> Any:
            try:
                return decode(raw)
            except DecodeError:
                return decode(raw.replace(b"\xff", b"?"))

        return original(handler._replace(request_deserializer=lenient), running)


@mutant(Role.SERVER, "malformed_no_request")
def makes_requests_up() -> None:
    """A unary call without a request is served as if it had an empty one."""

    @switch(guard, "guarded")
    def guarded(original: Any, handler: Any, running: Any) -> Any:
        right = original(handler, running)
        if right.request_streaming or right.response_streaming:
            return right
        return grpc.stream_unary_rpc_method_handler(
            lambda requests, context: right.unary_unary(next(requests, b""), context),
            response_serializer=right.response_serializer,
        )


class Helpful(grpc.GenericRpcHandler):
    """Answers what nobody else does."""

    def service(self, handler_call_details: Any) -> Any:
        """A handler for any method."""
        return grpc.unary_unary_rpc_method_handler(_not_found)


def _not_found(_: Any, context: grpc.ServicerContext) -> None:
    context.abort(grpc.StatusCode.NOT_FOUND, "no such method")


@mutant(Role.SERVER, "status_unimplemented_service", "status_unimplemented_method")
def finds_no_such_method() -> None:
    """An unknown method is NOT_FOUND."""

    @switch(Reflection, "register")
    def register(original: Any, self: Reflection, server: grpc.Server) -> None:
        original(self, server)
        server.add_generic_rpc_handlers((Helpful(),))


@mutant(Role.SERVER, "tls_version_is_seen", config=Config(Security.MTLS, KeyType.P256))
def claims_to_see_tls() -> None:
    """The server claims an ability that it does not have."""
    supports: tuple[str, ...] = (*session_server.SUPPORTS, "observe_tls")
    vars(session_server)["SUPPORTS"] = supports
