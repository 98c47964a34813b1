"""ruby_binary: a Ruby program."""

load("//tools/implementation:defs.bzl", "ComponentsInfo", "components_info")
load(":program.bzl", "PROGRAM_ATTRS", "program_default_info")

def _ruby_binary_impl(ctx):
    return [
        program_default_info(ctx, ctx.file.main, []),
        components_info([], ctx.attr.deps + [ctx.attr._runtime]),
    ]

ruby_binary = rule(
    implementation = _ruby_binary_impl,
    doc = "A Ruby program. Its launcher needs its runfiles, not Bazel, and no Ruby on the machine.",
    attrs = PROGRAM_ATTRS | {
        "main": attr.label(
            doc = "The source that runs.",
            allow_single_file = [".rb"],
            mandatory = True,
        ),
    },
    executable = True,
    provides = [ComponentsInfo],
)
