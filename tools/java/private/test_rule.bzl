"""jvm_test: the rule for tests in a language on the JVM; java_test: Java's."""

load(":actions.bzl", "compile_sources")
load(":java_info.bzl", "JavaSourcesInfo", "JvmInfo")
load(":java_toolchain.bzl", "JAVA_TOOLCHAIN_TYPE", "jvm_attrs", "jvm_toolchain")

_LAUNCHER = """\
#!/bin/sh
# Runs the tests of {jar}.
cd -- "$0.runfiles/{workspace}" 2>/dev/null || cd -- "$TEST_SRCDIR/{workspace}" || exit 2
export LC_ALL=C.UTF-8
exec '{java}' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -cp '{classpath}' \\
    {runner} '{jar}' "$@"
"""

def _test_impl(ctx):
    toolchain = jvm_toolchain(ctx)
    deps = [dep[JvmInfo].jars for dep in ctx.attr.deps]
    harness = [dep[JvmInfo].jars for dep in [ctx.attr._runner, ctx.attr._junit] + ctx.attr._frameworks]
    classpath = depset(transitive = deps + harness + [toolchain.layer.jars], order = "preorder")
    jar = ctx.actions.declare_file(ctx.label.name + ".jar")
    compile_sources(ctx, ctx.files.srcs, classpath, jar)
    program = ctx.actions.declare_file(ctx.label.name)
    jars = [jar] + classpath.to_list()
    ctx.actions.write(
        program,
        _LAUNCHER.format(
            classpath = ":".join([file.short_path for file in jars]),
            jar = jar.short_path,
            java = toolchain.sdk.home + "/bin/java",
            runner = ctx.attr._runner_class,
            workspace = ctx.workspace_name,
        ),
        is_executable = True,
    )
    runfiles = ctx.runfiles(files = [program, toolchain.sdk.version] + jars + ctx.files.data)
    environment = {
        name: ctx.expand_location(value, ctx.attr.data)
        for name, value in ctx.attr.env.items()
    }
    return [
        DefaultInfo(
            executable = program,
            files = depset([program]),
            runfiles = runfiles.merge_all([target[DefaultInfo].default_runfiles for target in ctx.attr.data]),
        ),
        JavaSourcesInfo(classpath = classpath, srcs = ctx.files.srcs),
        RunEnvironmentInfo(environment = environment),
    ]

def jvm_test(
        toolchain_type,
        suffix,
        frameworks = [],
        runner = "//tools/java:test_runner",
        runner_class = "dev.tofusoup.junit.TestRunner"):
    """Returns the rule for tests in a language on the JVM.

    Args:
      toolchain_type: string: label of the language's toolchain type.
      suffix: string: how its sources' names end.
      frameworks: list of labels of what the language's tests are written with, an engine of JUnit's included.
      runner: label of the library that runs the tests of a jar.
      runner_class: string: the class to run of it.
    """
    return rule(
        implementation = _test_impl,
        doc = """Tests of the language's own framework, JUnit 5 where there is no other: all that the sources have.

`--test_filter` is a part of the names `CLASS.METHOD` of the tests to run. A run without a test is a failure,
unless there is a filter.
""",
        attrs = jvm_attrs(toolchain_type) | {
            "data": attr.label_list(
                doc = "Files and programs that the tests use.",
                allow_files = True,
            ),
            "deps": attr.label_list(
                doc = "Libraries that the tests use.",
                providers = [JvmInfo],
            ),
            "env": attr.string_dict(
                doc = "Environment of the tests; `$(rootpath LABEL)` is expanded for labels of `data`.",
            ),
            "srcs": attr.label_list(
                doc = "Sources with the tests.",
                allow_empty = False,
                allow_files = [suffix],
                mandatory = True,
            ),
            "_frameworks": attr.label_list(
                default = frameworks,
                providers = [JvmInfo],
            ),
            "_junit": attr.label(
                default = "@java_tools//:junit",
                providers = [JvmInfo],
            ),
            "_runner": attr.label(
                default = runner,
                providers = [JvmInfo],
            ),
            "_runner_class": attr.string(default = runner_class),
        },
        test = True,
        toolchains = [toolchain_type],
    )

java_test = jvm_test(JAVA_TOOLCHAIN_TYPE, ".java")
