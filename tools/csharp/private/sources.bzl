"""What the rules for libraries, programs and tests have in common."""

load(":csharp_info.bzl", "CSharpInfo")

SOURCES_ATTRS = {
    "deps": attr.label_list(
        doc = "Our own libraries that the sources use.",
        providers = [CSharpInfo],
    ),
    "friends": attr.string_list(
        doc = "Names of the assemblies that see what is internal: tests.",
    ),
    "srcs": attr.label_list(
        doc = "C# sources.",
        allow_files = [".cs"],
        allow_empty = False,
        mandatory = True,
    ),
}

LAUNCHER = attr.label(
    default = "//tools/csharp/private:launcher.sh.tpl",
    allow_single_file = True,
)
