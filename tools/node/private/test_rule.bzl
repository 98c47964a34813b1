"""node_test: tests of node:test."""

load(":node_toolchain.bzl", "NODE_TOOLCHAIN_TYPE")
load(":program.bzl", "PROGRAM_ATTRS", "bundle_entry", "runfiles_of")

def _node_test_impl(ctx):
    tests = ctx.actions.declare_file(ctx.label.name + ".cjs")
    bundle_entry(ctx, tests)
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = program, target_file = ctx.executable._runner, is_executable = True)
    environment = {
        name: ctx.expand_location(value, ctx.attr.data)
        for name, value in ctx.attr.env.items()
    }
    return [
        DefaultInfo(
            executable = program,
            files = depset([program]),
            runfiles = runfiles_of(ctx, [program, tests]),
        ),
        RunEnvironmentInfo(environment = environment),
    ]

node_test = rule(
    implementation = _node_test_impl,
    doc = """Tests of node:test. No test at all is a failure.

`--test_filter` is a pattern of the names of the tests to run.
""",
    attrs = PROGRAM_ATTRS | {
        "env": attr.string_dict(
            doc = "Environment of the tests; `$(rootpath LABEL)` is expanded for labels of `data`.",
        ),
        "_runner": attr.label(
            default = "//tools/node:test_runner",
            executable = True,
            cfg = "target",
        ),
    },
    test = True,
    toolchains = [NODE_TOOLCHAIN_TYPE],
)
