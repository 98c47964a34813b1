"""java_runner: compiles what runs the tests of every java_test."""

load(":actions.bzl", "compile_sources")
load(":java_info.bzl", "JavaSourcesInfo", "JvmInfo")
load(":java_toolchain.bzl", "JAVA_TOOLCHAIN_TYPE", "jvm_attrs")

def _java_runner_impl(ctx):
    classpath = ctx.attr._junit[JvmInfo].jars
    out = ctx.actions.declare_file("lib%s.jar" % ctx.label.name)
    compile_sources(ctx, ctx.files.srcs, classpath, out)
    return [
        DefaultInfo(files = depset([out])),
        JavaSourcesInfo(classpath = classpath, srcs = ctx.files.srcs),
        JvmInfo(jars = depset([out])),
    ]

java_runner = rule(
    implementation = _java_runner_impl,
    doc = "What runs tests, compiled against JUnit alone.",
    attrs = jvm_attrs(JAVA_TOOLCHAIN_TYPE) | {
        "srcs": attr.label_list(
            doc = "Java sources.",
            allow_empty = False,
            allow_files = [".java"],
            mandatory = True,
        ),
        "_junit": attr.label(
            default = "@java_tools//:junit",
            providers = [JvmInfo],
        ),
    },
    provides = [JvmInfo],
    toolchains = [JAVA_TOOLCHAIN_TYPE],
)
