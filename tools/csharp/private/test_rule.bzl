"""csharp_test: tests in C#."""

load(":actions.bzl", "sources_of")
load(":csharp_info.bzl", "CSharpInfo", "CSharpSourcesInfo")
load(":csharp_toolchain.bzl", "CSHARP_TOOLCHAIN_TYPE", "DOTNET_SDK")
load(":program.bzl", "make_program")
load(":sources.bzl", "LAUNCHER", "SOURCES_ATTRS")

def _csharp_test_impl(ctx):
    deps = [dep[CSharpInfo] for dep in ctx.attr.deps + [ctx.attr._testing]]
    sources = sources_of(ctx, "exe", deps, ctx.files.srcs + [ctx.file._main])
    program = make_program(ctx, sources)
    runfiles = ctx.runfiles(files = program.files + ctx.files.data)
    environment = {
        name: ctx.expand_location(value, ctx.attr.data)
        for name, value in ctx.attr.env.items()
    }
    return [
        DefaultInfo(
            executable = program.executable,
            files = depset([program.executable]),
            runfiles = runfiles.merge_all([target[DefaultInfo].default_runfiles for target in ctx.attr.data]),
        ),
        RunEnvironmentInfo(environment = environment),
        sources,
    ]

csharp_test = rule(
    implementation = _csharp_test_impl,
    doc = """Tests in C#: the methods with `[Test]` and `[Cases]` of `Stock.Testing`.

`--test_filter` is a part of the names of the tests to run.
""",
    attrs = SOURCES_ATTRS | {
        "data": attr.label_list(
            doc = "Files and programs that the tests use.",
            allow_files = True,
        ),
        "env": attr.string_dict(
            doc = "Environment of the tests; `$(rootpath LABEL)` is expanded for labels of `data`.",
        ),
        "_launcher": LAUNCHER,
        "_main": attr.label(
            default = "//tools/csharp/private:TestMain.cs",
            allow_single_file = True,
        ),
        "_sdk": DOTNET_SDK,
        "_testing": attr.label(
            default = "//tools/csharp:testing",
            providers = [CSharpInfo],
        ),
    },
    test = True,
    provides = [CSharpSourcesInfo],
    toolchains = [CSHARP_TOOLCHAIN_TYPE],
)
