"""The module extension of Rust: the machine's Rust and the third-party code."""

load("//tools/rust/private:crates_repo.bzl", "rust_crates_repo")
load("//tools/rust/private:rust_repo.bzl", "rust_repo")

def _rust_impl(module_ctx):
    rust_repo(name = "rust")
    rust_crates_repo(
        name = "rust_deps",
        cargo = "@rust//:bin/cargo",
        # Else every process measures the processor's jitter for 50 ms before its first handshake; without,
        # aws-lc takes its seeds from the system as others do.
        env = {"AWS_LC_SYS_NO_JITTER_ENTROPY": "1"},
        lock = "//rust:Cargo.lock",
        manifest = "//rust:Cargo.toml",
        missing = "@rust//:missing.bzl",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["rust", "rust_deps"],
        root_module_direct_dev_deps = [],
    )

rust = module_extension(
    implementation = _rust_impl,
    doc = "Makes `@rust` (the machine's Rust) and `@rust_deps` (the crates of Cargo.lock, vendored).",
)
