"""java_test: JUnit tests."""

load(":actions.bzl", "compile_jar")
load(":java_info.bzl", "JavaSourcesInfo", "JvmInfo")
load(":java_toolchain.bzl", "JAVA_SDK", "JAVA_TOOLCHAIN_TYPE")
load(":library_rule.bzl", "JAVACOPTS")

_LAUNCHER = """\
#!/bin/sh
# Runs the tests of {jar}.
cd -- "$0.runfiles/{workspace}" 2>/dev/null || cd -- "$TEST_SRCDIR/{workspace}" || exit 2
export LC_ALL=C.UTF-8
exec '{java}' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -cp '{classpath}' \\
    dev.tofusoup.junit.TestRunner '{jar}' "$@"
"""

def _java_test_impl(ctx):
    toolchain = ctx.toolchains[JAVA_TOOLCHAIN_TYPE]
    deps = [dep[JvmInfo].jars for dep in ctx.attr.deps]
    harness = [dep[JvmInfo].jars for dep in [ctx.attr._runner, ctx.attr._junit]]
    classpath = depset(transitive = deps + harness + [toolchain.layer.jars], order = "preorder")
    jar = ctx.actions.declare_file(ctx.label.name + ".jar")
    compile_jar(ctx, ctx.files.srcs, classpath, JAVACOPTS, jar)
    program = ctx.actions.declare_file(ctx.label.name)
    jars = [jar] + classpath.to_list()
    ctx.actions.write(
        program,
        _LAUNCHER.format(
            classpath = ":".join([file.short_path for file in jars]),
            jar = jar.short_path,
            java = toolchain.sdk.home + "/bin/java",
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

java_test = rule(
    implementation = _java_test_impl,
    doc = """JUnit 5 tests: every class of the sources that has some.

`--test_filter` is a part of the names `CLASS.METHOD` of the tests to run. A run without a test is a failure,
unless there is a filter.
""",
    attrs = {
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
            doc = "Java sources with the tests.",
            allow_empty = False,
            allow_files = [".java"],
            mandatory = True,
        ),
        "_junit": attr.label(
            default = "@java_tools//:junit",
            providers = [JvmInfo],
        ),
        "_runner": attr.label(
            default = "//tools/java:test_runner",
            providers = [JvmInfo],
        ),
        "_sdk": JAVA_SDK,
    },
    test = True,
    toolchains = [JAVA_TOOLCHAIN_TYPE],
)
