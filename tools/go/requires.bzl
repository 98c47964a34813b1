"""What Go needs of the machine, and what is fetched for it."""

load("@go_deps//:module.bzl", "GO_VERSIONS")
load("//tools/go/private:versions.bzl", "GO")
load("//tools/implementation:requirements.bzl", "library", "requires")

GO_REQUIRES = requires(
    fetched_by = "go",
    grpc = library("grpc-go", GO_VERSIONS["google.golang.org/grpc"]),
    locks = [
        "go/go.mod",
        "go/go.sum",
    ],
    machine = [GO],
    protobuf = library("protobuf-go", GO_VERSIONS["google.golang.org/protobuf"]),
    tls_stack = library("crypto/tls", note = "Go's own"),
    transport = library("grpc-go", note = "its own, over golang.org/x/net " + GO_VERSIONS["golang.org/x/net"]),
)
