"""csharp_editor: what the project needs besides what stands in it, for editors that run MSBuild."""

load("//tools/implementation:editors.bzl", "EditorInfo", "editor_info", "editor_path", "made_by_rules")

# MSBuild imports it into every project below its folder.
_PROPERTIES = """\
<Project>
  <PropertyGroup>
    <BaseIntermediateOutputPath>{generated}/obj/</BaseIntermediateOutputPath>
    <BaseOutputPath>{generated}/bin/</BaseOutputPath>
    <MSBuildProjectExtensionsPath>{generated}/obj/</MSBuildProjectExtensionsPath>
    <RestoreFallbackFolders>{packages}</RestoreFallbackFolders>
    <LangVersion>14</LangVersion>
    <OutputType>Library</OutputType>
    <GenerateAssemblyInfo>false</GenerateAssemblyInfo>
    <DefaultItemExcludes>$(DefaultItemExcludes);{excluded}</DefaultItemExcludes>
  </PropertyGroup>
  <ItemGroup>
{items}
  </ItemGroup>
</Project>
"""

_ITEM = '    <Compile Include="{}" LinkBase="generated"/>'

def _csharp_editor_impl(ctx):
    if ctx.attr.missing:
        return [editor_info(ctx, "csharp", missing = ctx.attr.missing)]
    package = ctx.label.package
    generated = made_by_rules(ctx.files.sources)
    text = _PROPERTIES.format(
        excluded = ";".join(ctx.attr.excluded),
        generated = "@WORKSPACE@/generated/" + package,
        items = "\n".join([_ITEM.format(editor_path(file.path)) for file in ctx.files.sources]),
        packages = editor_path(ctx.files.packages[0].path.partition("/packages/")[0] + "/packages"),
    )
    return [editor_info(ctx, "csharp", copied = generated, texts = {package + "/Directory.Build.props": text})]

_csharp_editor = rule(
    implementation = _csharp_editor_impl,
    doc = "Tells editors where generated C# is; the macro of this name says more.",
    attrs = {
        "excluded": attr.string_list(
            doc = "Sources below the package that are not compiled with the others.",
        ),
        "missing": attr.string(
            doc = "Why C# cannot be compiled here.",
        ),
        "packages": attr.label(
            doc = "The third-party assemblies.",
        ),
        "sources": attr.label_list(
            doc = "Sources that are not below the package, or that rules make.",
            allow_files = [".cs"],
        ),
    },
    provides = [EditorInfo],
)

def csharp_editor(name, sources, excluded, missing = "", **kwargs):
    """Tells editors where generated C# and the packages are: a `Directory.Build.props` beside the project.

    The project is one assembly for editors, and several for Bazel. A macro, as `stock_implementation` is.

    Args:
      name: string: the target's name, `editor`.
      sources: list of labels: sources that are not below the package, or that rules make.
      excluded: list of strings: sources below the package that cannot be in one assembly with the others.
      missing: string: `CSHARP_MISSING`.
      **kwargs: attributes that all rules have.
    """
    _csharp_editor(
        name = name,
        excluded = excluded,
        missing = missing,
        packages = None if missing else "@csharp_deps//:assemblies",
        sources = [] if missing else sources,
        **kwargs
    )
