"""What Rust needs of the machine, and what is fetched for it."""

load("@rust_deps//:crates.bzl", "CRATE_VERSIONS")
load("//tools/implementation:requirements.bzl", "library", "requires")
load("//tools/rust/private:versions.bzl", "COMPONENTS", "LINKER", "RUST")

RUST_REQUIRES = requires(
    fetched_by = "cargo",
    grpc = library("tonic", CRATE_VERSIONS["tonic"]),
    locks = [
        "rust/Cargo.toml",
        "rust/Cargo.lock",
    ],
    machine = [
        RUST,
        LINKER,
    ] + COMPONENTS.values(),
    protobuf = library("prost", CRATE_VERSIONS["prost"]),
    tls_stack = library("rustls", CRATE_VERSIONS["rustls"], "over aws-lc-rs " + CRATE_VERSIONS["aws-lc-rs"]),
    transport = library("hyper", CRATE_VERSIONS["hyper"], "over h2 " + CRATE_VERSIONS["h2"]),
)
