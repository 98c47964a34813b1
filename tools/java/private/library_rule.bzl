"""java_library: Java sources compiled to a jar."""

load(":actions.bzl", "compile_jar")
load(":java_info.bzl", "JavaSourcesInfo", "JvmInfo")
load(":java_toolchain.bzl", "JAVA_SDK", "JAVA_TOOLCHAIN_TYPE")

# serial: exceptions are thrown, not stored. The last one is for sun.misc.Signal, of which javac warns whatever is suppressed.
JAVACOPTS = ["-Xlint:all,-processing,-serial", "-Werror", "-proc:none", "-XDignore.symbol.file"]

def _java_library_impl(ctx):
    layer = ctx.toolchains[JAVA_TOOLCHAIN_TYPE].layer
    deps = [dep[JvmInfo].jars for dep in ctx.attr.deps]
    classpath = depset(transitive = deps + [layer.jars], order = "preorder")
    out = ctx.actions.declare_file("lib%s.jar" % ctx.label.name)
    compile_jar(ctx, ctx.files.srcs, classpath, JAVACOPTS, out)
    return [
        DefaultInfo(files = depset([out])),
        JavaSourcesInfo(classpath = classpath, srcs = ctx.files.srcs),
        JvmInfo(jars = depset([out], transitive = deps, order = "preorder")),
    ]

java_library = rule(
    implementation = _java_library_impl,
    doc = """A Java library: sources compiled against `deps` and the third-party code of the layer.

javac's warnings are errors.
""",
    attrs = {
        "deps": attr.label_list(
            doc = "Libraries that the sources use.",
            providers = [JvmInfo],
        ),
        "srcs": attr.label_list(
            doc = "Java sources.",
            allow_empty = False,
            allow_files = [".java"],
            mandatory = True,
        ),
        "_sdk": JAVA_SDK,
    },
    provides = [JvmInfo],
    toolchains = [JAVA_TOOLCHAIN_TYPE],
)
