"""go_library: one Go package."""

load(":actions.bzl", "compile_packages", "packages_below")
load(":go_info.bzl", "GoInfo", "GoSourcesInfo")
load(":go_toolchain.bzl", "GO_SDK", "GO_TOOLCHAIN_TYPE")

def _go_library_impl(ctx):
    deps = [dep[GoInfo] for dep in ctx.attr.deps]
    package = struct(
        archive = ctx.actions.declare_file(ctx.label.name + ".a"),
        importpath = ctx.attr.importpath,
        srcs = tuple(ctx.files.srcs),
    )
    compile_packages(ctx, [package], deps)
    return [
        DefaultInfo(files = depset([package.archive])),
        GoInfo(
            direct = (package,),
            packages = depset([package], transitive = [packages_below(deps)]),
        ),
        GoSourcesInfo(
            archive = package.archive,
            deps = deps,
            importpath = ctx.attr.importpath,
            srcs = ctx.files.srcs,
        ),
    ]

go_library = rule(
    implementation = _go_library_impl,
    doc = """One Go package of the module.

What its sources import is in `deps`, in the standard library, or among the third-party packages that
`go/deps/deps.go` imports.
""",
    attrs = {
        "deps": attr.label_list(
            doc = "The module's packages that the sources import.",
            providers = [GoInfo],
        ),
        "importpath": attr.string(
            doc = "The package's import path.",
            mandatory = True,
        ),
        "srcs": attr.label_list(
            doc = "Go sources; those of other platforms are left out by their build constraints.",
            allow_files = [".go"],
            mandatory = True,
        ),
        "_sdk": GO_SDK,
    },
    provides = [GoInfo, GoSourcesInfo],
    toolchains = [GO_TOOLCHAIN_TYPE],
)
