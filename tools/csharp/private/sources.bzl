"""What the rules for libraries, programs and tests have in common."""

load(":csharp_info.bzl", "CSharpInfo")

SOURCES_ATTRS = {
    "deps": attr.label_list(
        doc = "Our own libraries that the sources use.",
        providers = [CSharpInfo],
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
