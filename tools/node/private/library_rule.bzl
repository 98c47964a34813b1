"""node_library: TypeScript that programs and tests are made of."""

load(":actions.bzl", "check_types")
load(":node_info.bzl", "NodeInfo")
load(":node_toolchain.bzl", "NODE_TOOLCHAIN_TYPE")

def _node_library_impl(ctx):
    sources = depset(ctx.files.srcs, transitive = [dep[NodeInfo].sources for dep in ctx.attr.deps])
    checked = ctx.actions.declare_file(ctx.label.name + ".checked")
    check_types(ctx, sources, checked)
    return [
        DefaultInfo(files = depset(ctx.files.srcs)),
        NodeInfo(sources = sources),
        OutputGroupInfo(_validation = depset([checked])),
    ]

node_library = rule(
    implementation = _node_library_impl,
    doc = """TypeScript sources, and a check of their types that fails the build.

Sources import each other, and those of `deps`, by relative paths as they lie in the workspace; packages
by name.
""",
    attrs = {
        "deps": attr.label_list(
            doc = "What the sources import of other targets.",
            providers = [NodeInfo],
        ),
        "srcs": attr.label_list(
            doc = "TypeScript sources.",
            allow_files = [".ts"],
            allow_empty = False,
            mandatory = True,
        ),
        "_sdk": attr.label(default = "@node//:sdk"),
    },
    provides = [NodeInfo],
    toolchains = [NODE_TOOLCHAIN_TYPE],
)
