"""What server reflection says of a server, and what it should: the descriptors of the protos."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import grpc.aio
from google.protobuf import descriptor_pb2
from grpc_reflection.v1alpha import reflection_pb2
from runfiles import Runfiles

from conformance.runner import expect

# The descriptor set of the proto_library: what every implementation's code is generated from.
DESCRIPTOR_SET: Final = "_main/proto/stock_proto-descriptor-set.proto.bin"

Request: TypeAlias = reflection_pb2.ServerReflectionRequest
Response: TypeAlias = reflection_pb2.ServerReflectionResponse


class Reflection:
    """One version of the service on one channel; the messages of both are the same."""

    def __init__(self, channel: grpc.aio.Channel, version: str) -> None:
        self.service = f"grpc.reflection.{version}.ServerReflection"
        self._call = channel.stream_stream(
            f"/{self.service}/ServerReflectionInfo",
            request_serializer=Request.SerializeToString,
            response_deserializer=Response.FromString,
        )

    async def ask(self, *requests: Request) -> list[Response]:
        """The answers to requests of one stream, which must end with OK."""
        return [response async for response in self._call(iter(requests))]

    async def services(self) -> list[str]:
        """Names of the services, sorted."""
        [response] = await self.ask(Request(list_services=""))
        return sorted(service.name for service in response.list_services_response.service)

    async def files(self, *requests: Request) -> list[descriptor_pb2.FileDescriptorProto]:
        """The first file of each answer: the one that was asked for."""
        files = []
        for request, response in zip(requests, await self.ask(*requests), strict=True):
            found = response.file_descriptor_response.file_descriptor_proto
            expect.true(
                bool(found), f"a file for {expect.show(request)}, got {expect.show(response)}"
            )
            files.append(descriptor_pb2.FileDescriptorProto.FromString(found[0]))
        return files


def expected_files() -> dict[str, descriptor_pb2.FileDescriptorProto]:
    """The files of the proto_library by name."""
    runfiles = Runfiles.Create()
    path = runfiles.Rlocation(DESCRIPTOR_SET) if runfiles else None
    if path is None:
        raise FileNotFoundError(f"no descriptor set at the runfiles path {DESCRIPTOR_SET}")
    with open(path, "rb") as file:
        descriptors = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    return {file.name: file for file in descriptors.file}


def comparable(file: descriptor_pb2.FileDescriptorProto) -> descriptor_pb2.FileDescriptorProto:
    """A file without what a runtime may leave out: comments, and JSON names where they follow."""
    bare = descriptor_pb2.FileDescriptorProto()
    bare.CopyFrom(file)
    bare.ClearField("source_code_info")
    _clear_json_names(bare.message_type)
    return bare


def _clear_json_names(messages: Sequence[descriptor_pb2.DescriptorProto]) -> None:
    for message in messages:
        for field in message.field:
            field.ClearField("json_name")
        _clear_json_names(message.nested_type)
