"""What C# needs of the machine, and what is fetched for it."""

load("@csharp_deps//:packages.bzl", "PACKAGE_VERSIONS")
load("//tools/csharp/private:versions.bzl", "DOTNET")
load("//tools/implementation:requirements.bzl", "library", "requires")

CSHARP_REQUIRES = requires(
    fetched_by = "dotnet",
    grpc = library("grpc-dotnet", PACKAGE_VERSIONS["Grpc.Net.Client"]),
    locks = [
        "csharp/stock.csproj",
        "csharp/packages.lock.json",
    ],
    machine = [DOTNET],
    protobuf = library("Google.Protobuf", PACKAGE_VERSIONS["Google.Protobuf"]),
    tls_stack = library("openssl", note = "the machine's, through SslStream"),
    transport = library("dotnet", note = "Kestrel serves, SocketsHttpHandler calls"),
)
