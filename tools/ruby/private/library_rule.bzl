"""ruby_library: Ruby sources that others require."""

load("//tools/implementation:defs.bzl", "ComponentsInfo", "components_info")
load(":ruby_info.bzl", "RubyInfo", "ruby_info", "runfiles_of", "runfiles_path")

def _ruby_library_impl(ctx):
    parts = [ctx.label.package, ctx.attr.load_path]
    load_path = runfiles_path(ctx, "/".join([part for part in parts if part]))
    return [
        DefaultInfo(
            files = depset(ctx.files.srcs),
            runfiles = runfiles_of(ctx, ctx.files.srcs, ctx.attr.deps),
        ),
        ruby_info(ctx.files.srcs, [load_path], ctx.attr.deps),
        components_info([], ctx.attr.deps),
    ]

ruby_library = rule(
    implementation = _ruby_library_impl,
    doc = "Ruby sources, required by their paths from `load_path`.",
    attrs = {
        "deps": attr.label_list(
            doc = "Libraries that the sources require.",
            providers = [RubyInfo],
        ),
        "load_path": attr.string(
            doc = "The folder that is searched, relative to the package; empty = the package's.",
        ),
        "srcs": attr.label_list(
            doc = "Ruby sources.",
            allow_files = [".rb"],
            mandatory = True,
        ),
    },
    provides = [ComponentsInfo, RubyInfo],
)
