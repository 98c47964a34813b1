"""What Node.js needs of the machine, and what is fetched for it."""

load("@node_deps//:packages.bzl", "PACKAGE_VERSIONS")
load("//tools/implementation:requirements.bzl", "library", "requires")
load("//tools/node/private:versions.bzl", "NODE", "NPM")

NODE_REQUIRES = requires(
    fetched_by = "npm",
    grpc = library("grpc-js", PACKAGE_VERSIONS["@grpc/grpc-js"]),
    locks = [
        "node/package.json",
        "node/package-lock.json",
    ],
    machine = [
        NODE,
        NPM,
    ],
    protobuf = library("@bufbuild/protobuf", PACKAGE_VERSIONS["@bufbuild/protobuf"], "with ts-proto's stubs"),
    tls_stack = library("openssl", note = "within Node.js"),
    transport = library("nghttp2", note = "within Node.js"),
)
