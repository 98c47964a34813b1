"""kotlin_grpc_library: Kotlin's generated library for a proto_library."""

load("//tools/java:jvm.bzl", "GENERATED_JAVACOPTS", "JvmInfo", "compile_java", "compile_sources", "jvm_attrs", "jvm_toolchain")
load("//tools/proto:defs.bzl", "PROTO_TOOLCHAIN_TYPE", "ProtoPluginInfo", "generate_sources")
load(":toolchain_type.bzl", "KOTLIN_TOOLCHAIN_TYPE")

def _kotlin_grpc_library_impl(ctx):
    sources = generate_sources(ctx, ctx.attr.proto[ProtoInfo], ctx.attr._plugins, ctx.label.name)
    layer = jvm_toolchain(ctx).layer.jars
    java = ctx.actions.declare_file("lib%s_java.jar" % ctx.label.name)
    compile_java(ctx, sources[:-1], layer, GENERATED_JAVACOPTS, java)
    out = ctx.actions.declare_file("lib%s.jar" % ctx.label.name)
    compile_sources(
        ctx,
        sources[-1:],
        depset([java], transitive = [layer], order = "preorder"),
        out,
        ["-jvm-target=17", "-no-reflect", "-no-stdlib", "-nowarn"],
    )
    return [
        DefaultInfo(files = depset([out, java])),
        OutputGroupInfo(generated_sources = depset(sources)),
        JvmInfo(jars = depset([out, java])),
    ]

kotlin_grpc_library = rule(
    implementation = _kotlin_grpc_library_impl,
    doc = """Messages, which are Java's, and coroutine stubs of the direct sources of a proto_library.

Look at the sources, three archives, with `--output_groups=generated_sources`.
""",
    attrs = jvm_attrs(KOTLIN_TOOLCHAIN_TYPE) | {
        "proto": attr.label(
            doc = "The proto_library.",
            mandatory = True,
            providers = [ProtoInfo],
        ),
        "_plugins": attr.label_list(
            # Kotlin's stubs come last, and call the descriptors of Java's.
            default = [
                "//tools/java:protoc_gen_java",
                "//tools/java:protoc_gen_grpc_java",
                "//tools/kotlin:protoc_gen_grpc_kotlin",
            ],
            providers = [ProtoPluginInfo],
        ),
    },
    provides = [JvmInfo],
    toolchains = [
        KOTLIN_TOOLCHAIN_TYPE,
        PROTO_TOOLCHAIN_TYPE,
    ],
)
