"""What C++ needs of the machine, and what is fetched for it."""

load("@cpp_deps//:packages.bzl", "PACKAGE_VERSIONS")
load("//tools/cpp/private:versions.bzl", "GCC")
load("//tools/debian:packages.bzl", "DEBIAN_PACKAGES", "upstream_version")
load("//tools/implementation:requirements.bzl", "library", "requires")

CPP_REQUIRES = requires(
    fetched_by = "apt",
    grpc = library("grpc++", upstream_version(PACKAGE_VERSIONS["libgrpc++-dev"])),
    locks = [
        "tools/cpp/packages.lock",
        "tools/cpp/tools.lock",
    ],
    machine = [
        GCC,
        DEBIAN_PACKAGES,
    ],
    protobuf = library("protobuf", upstream_version(PACKAGE_VERSIONS["libprotobuf-dev"])),
    tls_stack = library("openssl", upstream_version(PACKAGE_VERSIONS["libssl-dev"]), "linked statically"),
    transport = library("grpc-core", note = "gRPC's own"),
)
