"""rust_grpc_library: Rust's generated library for a proto_library."""

load(":actions.bzl", "compile_crate")
load(":rust_info.bzl", "RustCrateInfo", "RustInfo")
load(":rust_toolchain.bzl", "RUST_TOOLCHAIN_TYPE")

def _generate(ctx, sources):
    descriptors = ctx.attr.proto[ProtoInfo].transitive_descriptor_sets
    args = ctx.actions.args()
    args.add(sources.path)
    args.add_all(descriptors)
    ctx.actions.run(
        executable = ctx.executable._codegen,
        arguments = [args],
        inputs = descriptors,
        outputs = [sources],
        mnemonic = "RustGenerate",
        progress_message = "Generating rust code for %{label}",
    )

def _rust_grpc_library_impl(ctx):
    name = ctx.label.name
    sources = ctx.actions.declare_directory(name)
    _generate(ctx, sources)
    library = ctx.actions.declare_file("lib%s.rlib" % name)
    crate = RustCrateInfo(
        deps = [],
        env = {},
        kind = "lib",
        name = name,
        root = sources.path + "/lib.rs",
        srcs = [sources],
    )
    compile_crate(ctx, crate, library)
    return [
        DefaultInfo(files = depset([library])),
        OutputGroupInfo(generated_sources = depset([sources])),
        crate,
        RustInfo(
            crate = name,
            library = library,
            libraries = depset([library]),
            srcs = depset([sources]),
        ),
    ]

rust_grpc_library = rule(
    implementation = _rust_grpc_library_impl,
    doc = """Messages, clients and servers of a proto_library and all below it: one crate.

The package `a.b` becomes the module `a::b`; `DESCRIPTORS` has the descriptors. Look at the sources with
`--output_groups=generated_sources`.
""",
    attrs = {
        "proto": attr.label(
            doc = "The proto_library.",
            mandatory = True,
            providers = [ProtoInfo],
        ),
        "_codegen": attr.label(
            default = "//tools/rust:codegen",
            executable = True,
            cfg = "exec",
        ),
        "_sdk": attr.label(default = "@rust//:sdk"),
    },
    provides = [RustInfo, RustCrateInfo],
    toolchains = [RUST_TOOLCHAIN_TYPE],
)
