"""The Rust toolchain: the machine's Rust, the dependency layer and the builder that the rules' actions run."""

load(":rust_info.bzl", "RustLayerInfo")

RUST_TOOLCHAIN_TYPE = str(Label("//tools/rust:toolchain_type"))

def _rust_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(
        builder = ctx.attr.builder[DefaultInfo].files_to_run,
        edition = ctx.attr.edition,
        layer = ctx.attr.layer[RustLayerInfo],
        sdk = ctx.files.sdk,
    )]

rust_toolchain = rule(
    implementation = _rust_toolchain_impl,
    doc = "What the Rust rules compile with.",
    attrs = {
        "builder": attr.label(
            doc = "The program of the rules' actions.",
            executable = True,
            cfg = "exec",
            mandatory = True,
        ),
        "edition": attr.string(
            doc = "The language's edition.",
            mandatory = True,
        ),
        "layer": attr.label(
            doc = "The dependency layer.",
            cfg = "exec",
            mandatory = True,
            providers = [RustLayerInfo],
        ),
        "sdk": attr.label(
            doc = "The machine's Rust: rustc, cargo and the linker come first.",
            cfg = "exec",
            mandatory = True,
        ),
    },
)
