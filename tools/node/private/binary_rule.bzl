"""node_binary: a program for Node.js."""

load("//tools/implementation:defs.bzl", "ComponentsInfo")
load(":node_toolchain.bzl", "NODE_TOOLCHAIN_TYPE")
load(":program.bzl", "PROGRAM_ATTRS", "bundle_entry", "runfiles_of")

def _node_binary_impl(ctx):
    program = ctx.actions.declare_file(ctx.label.name)
    components = ctx.actions.declare_file(ctx.label.name + ".components.jsonl")
    bundle_entry(ctx, program, ctx.attr.node_flag, components)
    return [
        DefaultInfo(
            executable = program,
            files = depset([program]),
            runfiles = runfiles_of(ctx, [program]),
        ),
        ComponentsInfo(files = depset([components])),
    ]

node_binary = rule(
    implementation = _node_binary_impl,
    doc = "A program for Node.js: one executable file with all that it imports. With `-c dbg` it has its source map inside.",
    attrs = PROGRAM_ATTRS | {
        "node_flag": attr.string(
            doc = "A flag of Node.js. A program's first line has room for one.",
        ),
    },
    executable = True,
    toolchains = [NODE_TOOLCHAIN_TYPE],
)
