"""The C# toolchain: the .NET SDK and the third-party assemblies."""

CSHARP_TOOLCHAIN_TYPE = str(Label("//tools/csharp:toolchain_type"))

# What a rule names so that its targets are skipped where there is no .NET.
DOTNET_SDK = attr.label(default = "@dotnet//:sdk")

def _csharp_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(
        # The runtime has the dotnet command too, which stays the first.
        compiler = depset(ctx.files.sdk + ctx.files.runtime).to_list(),
        components = ctx.file.components,
        packages = ctx.files.packages,
        references = ctx.files.references,
        runtime = ctx.files.runtime,
    )]

csharp_toolchain = rule(
    implementation = _csharp_toolchain_impl,
    doc = "What the C# rules compile and run with.",
    attrs = {
        "components": attr.label(
            doc = "The file that tells of the packages of the assemblies.",
            allow_single_file = True,
            mandatory = True,
        ),
        "packages": attr.label(
            doc = "The third-party assemblies.",
            mandatory = True,
        ),
        "references": attr.label(
            doc = "The reference assemblies of .NET and ASP.NET Core.",
            mandatory = True,
        ),
        "runtime": attr.label(
            doc = "What programs run with: the dotnet command first.",
            mandatory = True,
        ),
        "sdk": attr.label(
            doc = "The SDK: the dotnet command and the compiler come first.",
            mandatory = True,
        ),
    },
)
