"""Suite admin: health and reflection of each server, asked by the runner's own client."""

import asyncio

import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from conformance.runner import expect
from conformance.runner.case import Scope, case
from conformance.runner.cell import Cell
from conformance.runner.status_code import Code
from conformance.stock.grpc_client import expect_code, open_channel
from conformance.stock.reflection import Reflection, Request, comparable, expected_files

STOCK, KV, HEALTH = "tofusoup.stock.Stock", "proto.KV", "grpc.health.v1.Health"
SERVING = health_pb2.HealthCheckResponse.SERVING
SERVICE_UNKNOWN = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN

OUR_FILES = ("proto/stock.proto", "proto/kv.proto")

# The file that each symbol stands in: services, methods, messages, an enum within one.
SYMBOLS = {
    STOCK: "proto/stock.proto",
    f"{STOCK}.Monitor": "proto/stock.proto",
    "tofusoup.stock.TradeOrder": "proto/stock.proto",
    "tofusoup.stock.WatchEvent.EventType": "proto/stock.proto",
    KV: "proto/kv.proto",
    f"{KV}.Get": "proto/kv.proto",
    "proto.PutRequest": "proto/kv.proto",
}


def asks(service: str) -> health_pb2.HealthCheckRequest:
    """A request for the health of a service."""
    return health_pb2.HealthCheckRequest(service=service)


@case(scope=Scope.SERVER, covers=(), clause="service.md: Services", core=True)
async def health_check_serving(cell: Cell) -> None:
    """The server is SERVING as a whole (the empty name), and so is each of its services."""
    async with open_channel(cell) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for service in ("", STOCK, KV):
            response = await stub.Check(asks(service))
            expect.equal(response.status, SERVING, f"health of {service!r}")


@case(scope=Scope.SERVER, covers=(), clause="service.md: Services", core=True)
async def health_check_unknown(cell: Cell) -> None:
    """Check of a service that is not served is NOT_FOUND."""
    async with open_channel(cell) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        await expect_code(stub.Check(asks("tofusoup.stock.Absent")), Code.NOT_FOUND)


@case(scope=Scope.SERVER, covers=(), clause="service.md: Services", core=True)
async def health_watch(cell: Cell) -> None:
    """Watch answers at once, for an unknown service with SERVICE_UNKNOWN, and stays open."""
    async with open_channel(cell) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        watches = {name: stub.Watch(asks(name)) for name in ("", STOCK, KV, "absent")}
        for name, watch in watches.items():
            response = await watch.read()
            expected = SERVICE_UNKNOWN if name == "absent" else SERVING
            expect.equal(response.status, expected, f"health of {name!r}")
        # Each has had an answer after that of the others, and time to end if it would.
        await stub.Check(asks(""))
        ended = [name for name, watch in watches.items() if watch.done()]
        expect.equal(ended, [], "watches that have ended")


async def expect_reflection(cell: Cell, version: str) -> None:
    """Expects one version of reflection to list the services and describe them as the protos do."""
    expected = expected_files()
    async with open_channel(cell) as channel:
        reflection = Reflection(channel, version)
        both = [f"grpc.reflection.{known}.ServerReflection" for known in ("v1", "v1alpha")]
        expect.equal(await reflection.services(), sorted([STOCK, KV, HEALTH, *both]), "services")
        by_name = [Request(file_by_filename=name) for name in OUR_FILES]
        by_symbol = [Request(file_containing_symbol=symbol) for symbol in SYMBOLS]
        names = [*OUR_FILES, *SYMBOLS.values()]
        for name, file in zip(names, await reflection.files(*by_name, *by_symbol), strict=True):
            expect.equal(comparable(file), comparable(expected[name]), f"descriptor of {name}")
        await _expect_self_description(reflection, [*both, HEALTH])
        [unknown] = await reflection.ask(Request(file_containing_symbol="tofusoup.stock.Absent"))
        expect.equal(unknown.error_response.error_code, Code.NOT_FOUND.value, "error for no symbol")


async def _expect_self_description(reflection: Reflection, services: list[str]) -> None:
    """Expects the services that are not ours to be found as symbols too."""
    requests = [Request(file_containing_symbol=service) for service in services]
    for service, file in zip(services, await reflection.files(*requests), strict=True):
        package, _, name = service.rpartition(".")
        found = (file.package, [described.name for described in file.service])
        expect.equal(found, (package, [name]), f"(package, services) of the file of {service}")


@case(
    scope=Scope.SERVER,
    covers=(),
    clause="service.md: Services",
    relies_on=("reflection_v1",),
    core=True,
)
async def reflection_v1(cell: Cell) -> None:
    """Reflection lists all services, itself in both versions too, and finds methods as symbols.

    The descriptors of Stock and KV are equal to those of the proto_library.
    """
    await expect_reflection(cell, "v1")


@case(
    scope=Scope.SERVER,
    covers=(),
    clause="service.md: Services",
    relies_on=("reflection_v1alpha",),
    core=True,
)
async def reflection_v1alpha(cell: Cell) -> None:
    """The older version of reflection says the same as v1."""
    await expect_reflection(cell, "v1alpha")


@case(scope=Scope.SERVER, covers=(), clause="service.md: Errors")
async def status_unimplemented_method(cell: Cell) -> None:
    """A method that a service does not have is UNIMPLEMENTED, of whatever shape."""
    async with open_channel(cell) as channel:
        paths = (f"/{STOCK}/Absent", f"/{KV}/Delete", "/absent.Service/Get", f"/{STOCK}/get")
        await asyncio.gather(*(_expect_unimplemented(channel, path) for path in paths))


async def _expect_unimplemented(channel: grpc.aio.Channel, path: str) -> None:
    unary: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(path, None, None)
    await expect_code(unary(b""), Code.UNIMPLEMENTED)
    # Nothing is sent: the server may end the call before it could be.
    stream: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(
        path, None, None
    )
    await expect_code(stream(), Code.UNIMPLEMENTED)
