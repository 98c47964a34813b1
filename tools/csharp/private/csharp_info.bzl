"""Providers of the C# rules."""

CSharpInfo = provider(
    doc = "A compiled assembly that other code may use.",
    fields = {
        "assemblies": "depset of Files: this assembly and those of our own below it.",
    },
)

CSharpSourcesInfo = provider(
    doc = "One of our own assemblies as its compiler sees it.",
    fields = {
        "deps": "depset of Files: assemblies of our own that it is compiled against.",
        "kind": "string: `exe` or `library`.",
        "name": "string: the assembly's name.",
        "srcs": "list of Files: all sources.",
    },
)
