"""csharp_library: one C# library."""

load(":actions.bzl", "compile_assembly", "sources_of")
load(":csharp_info.bzl", "CSharpInfo", "CSharpSourcesInfo")
load(":csharp_toolchain.bzl", "CSHARP_TOOLCHAIN_TYPE", "DOTNET_SDK")
load(":sources.bzl", "SOURCES_ATTRS")

def _csharp_library_impl(ctx):
    sources = sources_of(ctx, "library", [dep[CSharpInfo] for dep in ctx.attr.deps], ctx.files.srcs)
    assembly = ctx.actions.declare_file(ctx.label.name + ".dll")
    info = compile_assembly(ctx, sources, assembly)
    return [DefaultInfo(files = depset([assembly])), info, sources]

csharp_library = rule(
    implementation = _csharp_library_impl,
    doc = """A C# library: one assembly, named for the target.

What its sources use is in `deps`, in .NET and ASP.NET Core, or among the packages of `csharp/stock.csproj`.
Warnings are errors, and references may be null only where they say so.
""",
    attrs = SOURCES_ATTRS | {"_sdk": DOTNET_SDK},
    provides = [CSharpInfo, CSharpSourcesInfo],
    toolchains = [CSHARP_TOOLCHAIN_TYPE],
)
