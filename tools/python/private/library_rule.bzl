"""py_library: Python modules."""

load("//tools/implementation:defs.bzl", "ComponentsInfo", "components_info")
load(":program.bzl", "collect_runfiles")

def _import_roots(ctx):
    # A repository's own root is the workspace's name in the runfiles, a package's folder below it.
    parts = [ctx.label.workspace_name or ctx.workspace_name, ctx.label.package]
    return ["/".join([part for part in parts + [path] if part]) for path in ctx.attr.imports]

def _py_library_impl(ctx):
    return [
        DefaultInfo(
            files = depset(ctx.files.srcs),
            runfiles = collect_runfiles(ctx, []),
        ),
        PyInfo(
            imports = depset(_import_roots(ctx), transitive = [dep[PyInfo].imports for dep in ctx.attr.deps]),
            transitive_sources = depset(
                ctx.files.srcs,
                transitive = [dep[PyInfo].transitive_sources for dep in ctx.attr.deps],
            ),
        ),
        components_info(ctx.files.components, ctx.attr.deps),
    ]

py_library = rule(
    implementation = _py_library_impl,
    doc = "Python modules, imported by their path from the workspace's root.",
    attrs = {
        "components": attr.label_list(
            doc = "Files that tell of the third-party archives that the sources are of.",
            allow_files = True,
        ),
        "data": attr.label_list(
            doc = "Files that the modules read when they run, found through the runfiles.",
            allow_files = True,
        ),
        "deps": attr.label_list(
            doc = "Libraries that the sources import.",
            providers = [PyInfo],
        ),
        "imports": attr.string_list(
            doc = "More import roots, relative to the package.",
        ),
        "srcs": attr.label_list(
            doc = "Python sources and their type stubs.",
            allow_files = [".py", ".pyi"],
        ),
    },
    provides = [ComponentsInfo, PyInfo],
)
