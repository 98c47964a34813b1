"""jvm_grpc_library: the rule for Java's generated library for a proto_library; java_grpc_library: Java's own."""

load("//tools/proto:defs.bzl", "PROTO_TOOLCHAIN_TYPE", "ProtoPluginInfo", "generate_sources")
load(":actions.bzl", "compile_java")
load(":java_info.bzl", "JvmInfo")
load(":java_toolchain.bzl", "JAVA_TOOLCHAIN_TYPE", "jvm_attrs", "jvm_toolchain")

# What is generated has deprecated names and raw types.
GENERATED_JAVACOPTS = ["-nowarn", "-proc:none", "-XDignore.symbol.file"]

def _java_grpc_library_impl(ctx):
    sources = generate_sources(ctx, ctx.attr.proto[ProtoInfo], ctx.attr._plugins, ctx.label.name)
    out = ctx.actions.declare_file("lib%s.jar" % ctx.label.name)
    layer = jvm_toolchain(ctx).layer
    compile_java(ctx, sources, layer.jars, GENERATED_JAVACOPTS, out)
    return [
        DefaultInfo(files = depset([out])),
        OutputGroupInfo(generated_sources = depset(sources)),
        JvmInfo(jars = depset([out])),
    ]

def jvm_grpc_library(toolchain_type):
    """Returns the rule for the generated library of a language that takes Java's.

    Args:
      toolchain_type: string: label of the language's toolchain type.
    """
    return rule(
        implementation = _java_grpc_library_impl,
        doc = """Messages and stubs of the direct sources of a proto_library.

Look at the sources, two archives, with `--output_groups=generated_sources`.
""",
        attrs = jvm_attrs(toolchain_type) | {
            "proto": attr.label(
                doc = "The proto_library.",
                mandatory = True,
                providers = [ProtoInfo],
            ),
            "_plugins": attr.label_list(
                default = [
                    "//tools/java:protoc_gen_java",
                    "//tools/java:protoc_gen_grpc_java",
                ],
                providers = [ProtoPluginInfo],
            ),
        },
        provides = [JvmInfo],
        toolchains = [
            PROTO_TOOLCHAIN_TYPE,
            toolchain_type,
        ],
    )

java_grpc_library = jvm_grpc_library(JAVA_TOOLCHAIN_TYPE)
