"""protoc plugin that writes Python's gRPC stubs: grpcio-tools has the generator in its own protoc only."""

import sys
import tempfile
from pathlib import Path

from google.protobuf.compiler import plugin_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc


def generate(request: plugin_pb2.CodeGeneratorRequest) -> plugin_pb2.CodeGeneratorResponse:
    """Runs the generator; the response carries its files, or the error where it refused."""
    response = plugin_pb2.CodeGeneratorResponse(
        supported_features=plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
    )
    with tempfile.TemporaryDirectory() as scratch:
        descriptors, out = Path(scratch, "descriptors.binpb"), Path(scratch, "out")
        descriptors.write_bytes(FileDescriptorSet(file=request.proto_file).SerializeToString())
        out.mkdir()
        status = protoc.main(
            [
                "",
                f"--descriptor_set_in={descriptors}",
                f"--grpc_python_out={request.parameter}:{out}",
                *request.file_to_generate,
            ]
        )
        if status:
            response.error = f"grpcio-tools ended with exit code {status}"
        for path in sorted(path for path in out.rglob("*") if path.is_file()):
            name = path.relative_to(out).as_posix()
            response.file.add(name=name, content=path.read_text(encoding="utf-8"))
    return response


def main() -> None:
    """Answers the one request on standard input."""
    request = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    sys.stdout.buffer.write(generate(request).SerializeToString())


if __name__ == "__main__":
    main()
