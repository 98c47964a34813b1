"""The module extension of Rust: the machine's Rust and the third-party code."""

load("//tools/rust/private:crates_repo.bzl", "rust_crates_repo")
load("//tools/rust/private:rust_repo.bzl", "rust_repo")

def _rust_impl(module_ctx):
    rust_repo(name = "rust")
    rust_crates_repo(
        name = "rust_deps",
        cargo = "@rust//:cargo",
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
