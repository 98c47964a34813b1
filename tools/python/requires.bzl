"""What Python needs of the machine, and what is fetched for it."""

load("@pip//:versions.bzl", "WHEEL_VERSIONS")
load("//tools/implementation:requirements.bzl", "library", "requires")
load("//tools/python/private:versions.bzl", "PIP", "PYTHON")

PYTHON_REQUIRES = requires(
    fetched_by = "pip",
    grpc = library("grpcio", WHEEL_VERSIONS["grpcio"]),
    locks = ["tools/python/requirements.lock"],
    machine = [
        PYTHON,
        PIP,
    ],
    protobuf = library("protobuf", WHEEL_VERSIONS["protobuf"]),
    tls_stack = library("boringssl", note = "within the wheel"),
    transport = library("grpc-core", note = "within the wheel"),
)
