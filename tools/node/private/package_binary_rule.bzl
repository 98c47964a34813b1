"""node_package_binary: a program that a package brings."""

load(":node_toolchain.bzl", "NODE_TOOLCHAIN_TYPE")

_LAUNCHER = """\
#!{interpreter}
// Runs a program of a package, out of the runfiles.
require(process.argv[1] + ".runfiles/{main}");
"""

def _node_package_binary_impl(ctx):
    packages = ctx.attr.packages[DefaultInfo].files
    suffix = "/node_modules/" + ctx.attr.main
    mains = [file for file in packages.to_list() if file.short_path.endswith(suffix)]
    if len(mains) != 1:
        fail("main of %s: given %s, expected one of the files of %s" % (ctx.label, ctx.attr.main, ctx.attr.packages.label))
    toolchain = ctx.toolchains[NODE_TOOLCHAIN_TYPE]
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(program, _LAUNCHER.format(
        interpreter = toolchain.interpreter,
        main = mains[0].short_path.removeprefix("../"),
    ), is_executable = True)
    return [DefaultInfo(
        executable = program,
        files = depset([program]),
        runfiles = ctx.runfiles(files = [program, toolchain.version], transitive_files = packages),
    )]

node_package_binary = rule(
    implementation = _node_package_binary_impl,
    doc = "A program that a package brings, as it stands in the package.",
    attrs = {
        "main": attr.string(
            doc = "The file that is run, below node_modules.",
            mandatory = True,
        ),
        "packages": attr.label(
            doc = "The package, with all that it needs.",
            mandatory = True,
        ),
        "_sdk": attr.label(default = "@node//:sdk"),
    },
    executable = True,
    toolchains = [NODE_TOOLCHAIN_TYPE],
)
