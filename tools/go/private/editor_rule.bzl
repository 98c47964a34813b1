"""go_editor: generated packages as modules of a workspace, for gopls and the go command."""

load("@go_deps//:module.bzl", "GO_VERSION")
load("//tools/implementation:editors.bzl", "EditorInfo", "editor_info", "generated_place")
load(":go_info.bzl", "GoInfo")

_MODULE = """\
module {importpath}

go {version}
"""

_WORKSPACE = """\
go {version}

use (
{folders}
)
"""

def _go_editor_impl(ctx):
    if ctx.attr.missing:
        return [editor_info(ctx, "go", missing = ctx.attr.missing)]
    packages = [package for library in ctx.attr.libraries for package in library[GoInfo].direct]
    folders = {package.importpath: generated_place(package.srcs[0]).rpartition("/")[0] for package in packages}
    texts = {
        folder + "/go.mod": _MODULE.format(importpath = importpath, version = GO_VERSION)
        for importpath, folder in folders.items()
    }
    used = [ctx.label.package] + folders.values()
    texts["go.work"] = _WORKSPACE.format(
        folders = "\n".join(["\t./" + folder for folder in used]),
        version = GO_VERSION,
    )
    return [editor_info(ctx, "go", copied = [file for package in packages for file in package.srcs], texts = texts)]

_go_editor = rule(
    implementation = _go_editor_impl,
    doc = "Tells editors where generated Go is; the macro of this name says more.",
    attrs = {
        "libraries": attr.label_list(
            doc = "Generated libraries.",
            providers = [GoInfo],
        ),
        "missing": attr.string(
            doc = "Why Go cannot be compiled here.",
        ),
    },
    provides = [EditorInfo],
)

def go_editor(name, libraries, missing = "", **kwargs):
    """Tells editors where generated Go is: a `go.work` of the package's module and of a module for each package.

    gopls asks the go command, which knows modules and no files that are only somewhere else: a package that is not
    in the module's folder can only be a module of its own. A macro, as `stock_implementation` is.

    Args:
      name: string: the target's name, `editor`.
      libraries: list of labels of `go_grpc_library`.
      missing: string: `GO_MISSING`.
      **kwargs: attributes that all rules have.
    """
    _go_editor(name = name, libraries = [] if missing else libraries, missing = missing, **kwargs)
