"""node_tool: a program that the Node.js rules themselves run."""

load(":actions.bzl", "bundle")
load(":node_toolchain.bzl", "NODE_TOOLCHAIN_TYPE")

def _node_tool_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    bundle(ctx, ctx.file.src, out, depset([ctx.file.src]))
    runfiles = ctx.runfiles(files = [ctx.toolchains[NODE_TOOLCHAIN_TYPE].version])
    return [DefaultInfo(executable = out, files = depset([out]), runfiles = runfiles)]

node_tool = rule(
    implementation = _node_tool_impl,
    doc = "A program of one source over Node.js alone: tests run it.",
    attrs = {
        "src": attr.label(
            doc = "The source.",
            allow_single_file = [".mjs"],
            mandatory = True,
        ),
        "_sdk": attr.label(default = "@node//:sdk"),
    },
    executable = True,
    toolchains = [NODE_TOOLCHAIN_TYPE],
)
