"""py_pytest_test: pytest over the sources."""

load(":program.bzl", "PROGRAM_ATTRS", "program_providers", "runfiles_path")
load(":python_toolchain.bzl", "PYTHON_TOOLCHAIN_TYPE")

def _py_pytest_test_impl(ctx):
    sources = ["runfiles:" + runfiles_path(ctx, source) for source in ctx.files.srcs]
    return program_providers(ctx, ctx.file._main, arguments = sources + ["--"], deps = ctx.attr._pytest)

py_pytest_test = rule(
    implementation = _py_pytest_test_impl,
    doc = """Runs pytest on the sources. No test collected is a failure, and so is a warning.

`--test_filter` becomes pytest's `-k`, `--test_arg` goes to pytest as it is.
""",
    attrs = PROGRAM_ATTRS | {
        "_main": attr.label(default = ":pytest_main.py", allow_single_file = True),
        "_pytest": attr.label_list(
            default = [
                "@pip//:pytest",
                "@pip//:pytest-asyncio",
            ],
            providers = [PyInfo],
        ),
    },
    test = True,
    toolchains = [PYTHON_TOOLCHAIN_TYPE],
)
