"""What Ruby needs of the machine, and what is fetched for it."""

load("@ruby_deps//:packages.bzl", "PACKAGE_VERSIONS")
load("//tools/debian:packages.bzl", "DEBIAN_PACKAGES", "upstream_version")
load("//tools/implementation:requirements.bzl", "library", "requires")
load("//tools/ruby/private:versions.bzl", "GLIBC")

RUBY_REQUIRES = requires(
    fetched_by = "apt",
    grpc = library("grpc", upstream_version(PACKAGE_VERSIONS["ruby-grpc"])),
    locks = [
        "tools/ruby/packages.lock",
        "tools/ruby/tools.lock",
    ],
    machine = [
        GLIBC,
        DEBIAN_PACKAGES,
    ],
    protobuf = library("google-protobuf", upstream_version(PACKAGE_VERSIONS["ruby-google-protobuf"])),
    tls_stack = library("openssl", upstream_version(PACKAGE_VERSIONS["libssl3"])),
    transport = library("grpc-core", note = "gRPC's own"),
)
