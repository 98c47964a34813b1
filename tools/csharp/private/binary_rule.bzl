"""csharp_binary: a C# program."""

load("//tools/implementation:defs.bzl", "ComponentsInfo")
load(":actions.bzl", "sources_of")
load(":csharp_info.bzl", "CSharpInfo", "CSharpSourcesInfo")
load(":csharp_toolchain.bzl", "CSHARP_TOOLCHAIN_TYPE", "DOTNET_SDK")
load(":program.bzl", "make_program")
load(":sources.bzl", "LAUNCHER", "SOURCES_ATTRS")

def _csharp_binary_impl(ctx):
    sources = sources_of(ctx, "exe", [dep[CSharpInfo] for dep in ctx.attr.deps], ctx.files.srcs)
    program = make_program(ctx, sources)
    runfiles = ctx.runfiles(files = program.files + ctx.files.data)
    return [
        DefaultInfo(
            executable = program.executable,
            files = depset([program.executable]),
            runfiles = runfiles.merge_all([target[DefaultInfo].default_runfiles for target in ctx.attr.data]),
        ),
        sources,
        # All packages' assemblies stand in the program's folder.
        ComponentsInfo(files = depset([ctx.toolchains[CSHARP_TOOLCHAIN_TYPE].components])),
    ]

csharp_binary = rule(
    implementation = _csharp_binary_impl,
    doc = """A C# program: a launcher, which becomes the program, beside its runfiles.

To move it, copy both: the .NET that it was built with is among the runfiles.
""",
    attrs = SOURCES_ATTRS | {
        "data": attr.label_list(
            doc = "Files and programs to have in the runfiles.",
            allow_files = True,
        ),
        "_launcher": LAUNCHER,
        "_sdk": DOTNET_SDK,
    },
    executable = True,
    provides = [ComponentsInfo, CSharpSourcesInfo],
    toolchains = [CSHARP_TOOLCHAIN_TYPE],
)
