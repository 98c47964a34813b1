"""scala_grpc_library: Scala's generated library for a proto_library."""

load("//tools/java:jvm.bzl", "JvmInfo", "compile_sources", "jvm_attrs", "jvm_toolchain")
load("//tools/proto:defs.bzl", "PROTO_TOOLCHAIN_TYPE", "ProtoPluginInfo", "generate_sources")
load(":toolchain_type.bzl", "SCALA_TOOLCHAIN_TYPE")

def _scala_grpc_library_impl(ctx):
    sources = generate_sources(ctx, ctx.attr.proto[ProtoInfo], ctx.attr._plugins, ctx.label.name)
    out = ctx.actions.declare_file("lib%s.jar" % ctx.label.name)
    compile_sources(ctx, sources, jvm_toolchain(ctx).layer.jars, out, ["-release:17", "-nowarn"])
    return [
        DefaultInfo(files = depset([out])),
        OutputGroupInfo(generated_sources = depset(sources)),
        JvmInfo(jars = depset([out])),
    ]

scala_grpc_library = rule(
    implementation = _scala_grpc_library_impl,
    doc = """Messages and stubs of the direct sources of a proto_library, by ScalaPB.

Look at the sources, an archive, with `--output_groups=generated_sources`.
""",
    attrs = jvm_attrs(SCALA_TOOLCHAIN_TYPE) | {
        "proto": attr.label(
            doc = "The proto_library.",
            mandatory = True,
            providers = [ProtoInfo],
        ),
        "_plugins": attr.label_list(
            default = ["//tools/scala:protoc_gen_scala"],
            providers = [ProtoPluginInfo],
        ),
    },
    provides = [JvmInfo],
    toolchains = [
        PROTO_TOOLCHAIN_TYPE,
        SCALA_TOOLCHAIN_TYPE,
    ],
)
