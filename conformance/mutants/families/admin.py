"""Servers whose health, reflection or defence against malformed requests is wrong."""

from typing import Any

import grpc
from google.protobuf.message import DecodeError
from grpc_health.v1 import health_pb2

from conformance.mutants.mutant import Role, mutant, switch
from python import guard, reflection
from python.health import Health
from python.reflection import Reflection


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
