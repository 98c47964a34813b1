"""node_grpc_library: the generated library of Node.js for a proto_library."""

load("//tools/proto:defs.bzl", "PROTO_TOOLCHAIN_TYPE", "ProtoPluginInfo", "generate_sources")
load(":actions.bzl", "concatenate")
load(":node_info.bzl", "NodeInfo")
load(":node_toolchain.bzl", "NODE_TOOLCHAIN_TYPE")

def _node_grpc_library_impl(ctx):
    proto = ctx.attr.proto[ProtoInfo]
    sources = generate_sources(ctx, proto, [ctx.attr._plugin], ctx.label.name)
    descriptors = ctx.actions.declare_file(ctx.label.name + "/descriptors.binpb")
    concatenate(ctx, proto.transitive_descriptor_sets, descriptors)
    return [
        DefaultInfo(files = depset(sources)),
        NodeInfo(sources = depset(sources + [descriptors, ctx.file._declaration])),
        OutputGroupInfo(generated_sources = depset(sources)),
    ]

node_grpc_library = rule(
    implementation = _node_grpc_library_impl,
    doc = """Messages, clients and service definitions of a proto_library, by ts-proto for @grpc/grpc-js.

`a/b.proto` is imported as `NAME/a/b.js`, and `NAME/descriptors.binpb` is the bytes of a FileDescriptorSet of it and of
all that it imports. Look at the sources with `--output_groups=generated_sources`.
""",
    attrs = {
        "proto": attr.label(
            doc = "The proto_library.",
            mandatory = True,
            providers = [ProtoInfo],
        ),
        "_declaration": attr.label(
            default = "//tools/node/private:binpb.d.ts",
            allow_single_file = True,
        ),
        "_plugin": attr.label(
            default = "//tools/node:protoc_gen_ts_proto",
            providers = [ProtoPluginInfo],
        ),
        "_sdk": attr.label(default = "@node//:sdk"),
    },
    provides = [NodeInfo],
    toolchains = [
        NODE_TOOLCHAIN_TYPE,
        PROTO_TOOLCHAIN_TYPE,
    ],
)
