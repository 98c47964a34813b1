"""The Python toolchain: an interpreter of the machine, by path."""

PYTHON_TOOLCHAIN_TYPE = str(Label("//tools/python:toolchain_type"))

def _python_toolchain_impl(ctx):
    # The interpreter is used by path, so this file is how actions and tests notice another one.
    identity = ctx.actions.declare_file(ctx.label.name + ".identity.txt")
    ctx.actions.write(identity, "%s %s %s\n" % (ctx.attr.version, ctx.attr.sha256, ctx.attr.interpreter_path))
    return [platform_common.ToolchainInfo(
        identity = identity,
        interpreter = ctx.file.interpreter,
        interpreter_path = ctx.attr.interpreter_path,
        version = ctx.attr.version,
    )]

python_toolchain = rule(
    implementation = _python_toolchain_impl,
    doc = "A Python interpreter for programs, tests and tools.",
    attrs = {
        "interpreter": attr.label(
            doc = "The interpreter as a file, for actions.",
            allow_single_file = True,
            mandatory = True,
        ),
        "interpreter_path": attr.string(
            doc = "Absolute path of the interpreter, for the first line of programs.",
            mandatory = True,
        ),
        "sha256": attr.string(
            doc = "Digest of the interpreter: a change makes programs and tests run again.",
            mandatory = True,
        ),
        "version": attr.string(
            doc = "Version of the interpreter: `3.11.7`.",
            mandatory = True,
        ),
    },
)
