"""java_layer: third-party jars as one."""

load("//tools/implementation:defs.bzl", "ComponentsInfo")
load(":actions.bzl", "merge_jars")
load(":java_info.bzl", "JavaSdkInfo", "JvmInfo")

def _java_layer_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".jar")
    merge_jars(ctx, ctx.attr.sdk[JavaSdkInfo], ctx.file.builder, depset(ctx.files.jars), out, "JavaLayer")
    return [
        DefaultInfo(files = depset([out])),
        JvmInfo(jars = depset([out])),
        ComponentsInfo(files = depset(ctx.files.components)),
    ]

java_layer = rule(
    implementation = _java_layer_impl,
    doc = """Third-party jars merged to one: the dependency layer.

One jar is found sooner than thirty, and it is not compressed: a program starts in two thirds of the time.
""",
    attrs = {
        "builder": attr.label(
            doc = "The program of the rules' actions.",
            allow_single_file = True,
            cfg = "exec",
            mandatory = True,
        ),
        "components": attr.label_list(
            doc = "Files that tell of the jars.",
            allow_files = True,
        ),
        "jars": attr.label_list(
            doc = "The jars.",
            allow_empty = False,
            allow_files = [".jar"],
            mandatory = True,
        ),
        "sdk": attr.label(
            doc = "The machine's JDK.",
            cfg = "exec",
            mandatory = True,
            providers = [JavaSdkInfo],
        ),
    },
    provides = [ComponentsInfo, JvmInfo],
)
