"""rust_binary: a Rust program."""

load("//tools/implementation:defs.bzl", "ComponentsInfo")
load(":actions.bzl", "compile_crate")
load(":components.bzl", "tell_components")
load(":crates.bzl", "CRATE_ATTRS", "crate_of")
load(":rust_info.bzl", "RustCrateInfo")
load(":rust_toolchain.bzl", "RUST_TOOLCHAIN_TYPE")

def _rust_binary_impl(ctx):
    crate = crate_of(ctx, kind = "bin", main = "main.rs")
    program = ctx.actions.declare_file(ctx.label.name)
    compile_crate(ctx, crate, program)
    runfiles = ctx.runfiles(files = [program] + ctx.files.data)
    return [
        DefaultInfo(
            executable = program,
            files = depset([program]),
            runfiles = runfiles.merge_all([target[DefaultInfo].default_runfiles for target in ctx.attr.data]),
        ),
        crate,
        ComponentsInfo(files = depset([tell_components(ctx, crate)])),
    ]

rust_binary = rule(
    implementation = _rust_binary_impl,
    doc = "A Rust program: one file, stripped except with `-c dbg`.",
    attrs = CRATE_ATTRS | {
        "data": attr.label_list(
            doc = "Files and programs to have in the runfiles.",
            allow_files = True,
        ),
        "_components": attr.label(
            default = "//tools/rust:components",
            executable = True,
            cfg = "exec",
        ),
    },
    executable = True,
    provides = [ComponentsInfo, RustCrateInfo],
    toolchains = [RUST_TOOLCHAIN_TYPE],
)
