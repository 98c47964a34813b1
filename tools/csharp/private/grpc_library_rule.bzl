"""csharp_grpc_library: C#'s generated library for a proto_library."""

load("//tools/proto:defs.bzl", "PROTO_TOOLCHAIN_TYPE", "ProtoPluginInfo", "generate_sources")
load(":actions.bzl", "compile_assembly")
load(":csharp_info.bzl", "CSharpInfo", "CSharpSourcesInfo")
load(":csharp_toolchain.bzl", "CSHARP_TOOLCHAIN_TYPE", "DOTNET_SDK")

def _csharp_grpc_library_impl(ctx):
    files = generate_sources(ctx, ctx.attr.proto[ProtoInfo], ctx.attr._plugins, ctx.label.name)
    assembly = ctx.actions.declare_file(ctx.label.name + ".dll")
    sources = CSharpSourcesInfo(
        deps = depset(),
        kind = "library",
        name = ctx.label.name,
        srcs = files,
    )
    return [
        DefaultInfo(files = depset([assembly])),
        OutputGroupInfo(generated_sources = depset(files)),
        compile_assembly(ctx, sources, assembly, generated = True),
    ]

csharp_grpc_library = rule(
    implementation = _csharp_grpc_library_impl,
    doc = """Messages, clients and servers of the direct sources of a proto_library: one assembly.

The namespace is that of the option `csharp_namespace`. Look at the sources with
`--output_groups=generated_sources`.
""",
    attrs = {
        "proto": attr.label(
            doc = "The proto_library.",
            mandatory = True,
            providers = [ProtoInfo],
        ),
        "_plugins": attr.label_list(
            default = [
                "//tools/csharp:protoc_gen_csharp",
                "//tools/csharp:protoc_gen_grpc_csharp",
            ],
            providers = [ProtoPluginInfo],
        ),
        "_sdk": DOTNET_SDK,
    },
    provides = [CSharpInfo],
    toolchains = [CSHARP_TOOLCHAIN_TYPE, PROTO_TOOLCHAIN_TYPE],
)
