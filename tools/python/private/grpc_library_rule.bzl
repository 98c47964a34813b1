"""py_grpc_library: Python's generated library for a proto_library."""

load("//tools/implementation:defs.bzl", "ComponentsInfo", "components_info")
load("//tools/proto:defs.bzl", "PROTO_TOOLCHAIN_TYPE", "ProtoPluginInfo", "generate_sources")

def _py_grpc_library_impl(ctx):
    files = generate_sources(ctx, ctx.attr.proto[ProtoInfo], ctx.attr._plugins, ctx.label.name)
    deps = ctx.attr._runtime
    root = "/".join([part for part in [ctx.workspace_name, ctx.label.package, ctx.label.name] if part])
    return [
        DefaultInfo(
            files = depset(files),
            runfiles = ctx.runfiles(files = files).merge_all([dep[DefaultInfo].default_runfiles for dep in deps]),
        ),
        OutputGroupInfo(generated_sources = depset(files)),
        PyInfo(
            imports = depset([root], transitive = [dep[PyInfo].imports for dep in deps]),
            transitive_sources = depset(files, transitive = [dep[PyInfo].transitive_sources for dep in deps]),
        ),
        components_info([], deps),
    ]

py_grpc_library = rule(
    implementation = _py_grpc_library_impl,
    doc = """Messages, stubs and servicers of the direct sources of a proto_library, with type stubs.

The modules stand under a folder of the target's name, which is an import root: for `proto/stock.proto`
it is `from proto import stock_pb2, stock_pb2_grpc`. Look at them with
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
                "//tools/python:protoc_gen_python",
                "//tools/python:protoc_gen_grpc_python",
                "//tools/python:protoc_gen_mypy",
                "//tools/python:protoc_gen_mypy_grpc",
            ],
            providers = [ProtoPluginInfo],
        ),
        "_runtime": attr.label_list(
            default = [
                "@pip//:grpcio",
                "@pip//:protobuf",
            ],
            providers = [PyInfo],
        ),
    },
    provides = [ComponentsInfo, PyInfo],
    toolchains = [PROTO_TOOLCHAIN_TYPE],
)
