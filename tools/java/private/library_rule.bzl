"""jvm_library: the rule for a library of a language on the JVM; java_library: Java's."""

load(":actions.bzl", "compile_sources")
load(":java_info.bzl", "JavaSourcesInfo", "JvmInfo")
load(":java_toolchain.bzl", "JAVA_TOOLCHAIN_TYPE", "jvm_attrs", "jvm_toolchain")

def _library_impl(ctx):
    layer = jvm_toolchain(ctx).layer
    deps = [dep[JvmInfo].jars for dep in ctx.attr.deps]
    classpath = depset(transitive = deps + [layer.jars], order = "preorder")
    out = ctx.actions.declare_file("lib%s.jar" % ctx.label.name)
    compile_sources(ctx, ctx.files.srcs, classpath, out)
    return [
        DefaultInfo(files = depset([out])),
        JavaSourcesInfo(classpath = classpath, srcs = ctx.files.srcs),
        JvmInfo(jars = depset([out], transitive = deps, order = "preorder")),
    ]

def jvm_library(toolchain_type, suffix):
    """Returns the rule for a library of a language on the JVM.

    Args:
      toolchain_type: string: label of the language's toolchain type.
      suffix: string: how its sources' names end.
    """
    return rule(
        implementation = _library_impl,
        doc = """A library: sources compiled against `deps` and the third-party code of the layer.

The compiler's warnings are errors.
""",
        attrs = jvm_attrs(toolchain_type) | {
            "deps": attr.label_list(
                doc = "Libraries that the sources use.",
                providers = [JvmInfo],
            ),
            "srcs": attr.label_list(
                doc = "The sources.",
                allow_empty = False,
                allow_files = [suffix],
                mandatory = True,
            ),
        },
        provides = [JvmInfo],
        toolchains = [toolchain_type],
    )

java_library = jvm_library(JAVA_TOOLCHAIN_TYPE, ".java")
