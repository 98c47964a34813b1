"""Server reflection in both its versions; the library has only v1alpha."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, text_format
from google.protobuf.descriptor import FileDescriptor
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.reflection import SERVICE_NAME as V1ALPHA
from grpc_reflection.v1alpha.reflection import ReflectionServicer

V1 = V1ALPHA.replace("v1alpha", "v1")


class Reflection(ReflectionServicer):
    """Answers for both versions: their messages differ in nothing but the package."""

    def __init__(self, services: Iterable[str]) -> None:
        super().__init__([*services, V1, V1ALPHA], pool=_Pool())
        self._lock = threading.Lock()
        self._streams: set[grpc.ServicerContext] = set()
        self._draining = False

    def ServerReflectionInfo(
        self,
        request_iterator: Iterable[reflection_pb2.ServerReflectionRequest],
        context: grpc.ServicerContext,
    ) -> Iterator[reflection_pb2.ServerReflectionResponse]:
        with self._lock:
            self._streams.add(context)
            draining = self._draining
        if draining:
            context.abort(grpc.StatusCode.UNAVAILABLE, "server shutting down")
        try:
            yield from super().ServerReflectionInfo(request_iterator, context)
        finally:
            with self._lock:
                self._streams.discard(context)

    def drain(self) -> None:
        """Ends the open streams. They wait for requests, which nothing but cancelling interrupts."""
        with self._lock:
            self._draining = True
            streams = tuple(self._streams)
        for context in streams:
            context.cancel()

    def register(self, server: grpc.Server) -> None:
        """Adds the service to `server` under both names."""
        handler = grpc.stream_stream_rpc_method_handler(
            self.ServerReflectionInfo,
            reflection_pb2.ServerReflectionRequest.FromString,
            reflection_pb2.ServerReflectionResponse.SerializeToString,
        )
        server.add_generic_rpc_handlers(
            tuple(
                grpc.method_handlers_generic_handler(name, {"ServerReflectionInfo": handler})
                for name in (V1, V1ALPHA)
            )
        )


class _Pool:
    """The descriptors of the process, which finds methods too: the library's own does not."""

    def __init__(self) -> None:
        self._pool = descriptor_pool.Default()
        _describe_v1(self._pool)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)

    def FindFileContainingSymbol(self, symbol: str) -> FileDescriptor:
        try:
            return self._pool.FindFileContainingSymbol(symbol)
        except KeyError:
            service, _, method = symbol.rpartition(".")
            descriptor = self._pool.FindServiceByName(service)
            if method not in descriptor.methods_by_name:
                raise
            return descriptor.file


def _describe_v1(pool: descriptor_pool.DescriptorPool) -> None:
    file = descriptor_pb2.FileDescriptorProto()
    reflection_pb2.DESCRIPTOR.CopyToProto(file)
    v1 = text_format.MessageToString(file).replace("v1alpha", "v1")
    pool.AddSerializedFile(
        text_format.Parse(v1, descriptor_pb2.FileDescriptorProto()).SerializeToString()
    )
