"""py_binary and py_test: a Python program, and one whose exit code is a verdict."""

load(":program.bzl", "PROGRAM_ATTRS", "program_providers")
load(":python_toolchain.bzl", "PYTHON_TOOLCHAIN_TYPE")

_ATTRS = PROGRAM_ATTRS | {
    "main": attr.label(
        doc = "The source that runs as `__main__`; may be left out where `srcs` has one file only.",
        allow_single_file = [".py"],
    ),
}

def _main(ctx):
    if ctx.file.main:
        return ctx.file.main
    if len(ctx.files.srcs) > 1:
        fail("main of %s: not given, expected one of srcs: %s" % (
            ctx.label,
            ", ".join([source.basename for source in ctx.files.srcs]),
        ))
    return ctx.files.srcs[0]

def _py_program_impl(ctx):
    return program_providers(ctx, _main(ctx))

py_binary = rule(
    implementation = _py_program_impl,
    doc = "A Python program. Its launcher needs its runfiles, not Bazel.",
    attrs = _ATTRS,
    executable = True,
    toolchains = [PYTHON_TOOLCHAIN_TYPE],
)

py_test = rule(
    implementation = _py_program_impl,
    doc = "A Python program whose exit code is the verdict. For unit tests take `py_pytest_test`.",
    attrs = _ATTRS,
    test = True,
    toolchains = [PYTHON_TOOLCHAIN_TYPE],
)
