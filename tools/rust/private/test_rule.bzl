"""rust_test: tests in Rust, by the harness that the compiler brings."""

load(":actions.bzl", "compile_crate")
load(":crates.bzl", "CRATE_ATTRS", "crate_of")
load(":rust_info.bzl", "RustCrateInfo")
load(":rust_toolchain.bzl", "RUST_TOOLCHAIN_TYPE")

def _rust_test_impl(ctx):
    crate = crate_of(ctx, kind = "test")
    harness = ctx.actions.declare_file(ctx.label.name + ".harness")
    compile_crate(ctx, crate, harness)
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = program, target_file = ctx.executable._runner, is_executable = True)
    runfiles = ctx.runfiles(files = [program, harness] + ctx.files.data)
    environment = {
        name: ctx.expand_location(value, ctx.attr.data)
        for name, value in ctx.attr.env.items()
    }
    return [
        DefaultInfo(
            executable = program,
            files = depset([program]),
            runfiles = runfiles.merge_all([target[DefaultInfo].default_runfiles for target in ctx.attr.data]),
        ),
        crate,
        RunEnvironmentInfo(environment = environment),
    ]

rust_test = rule(
    implementation = _rust_test_impl,
    doc = """Tests in Rust: a crate of its own, built with the compiler's own harness.

`--test_filter` is a part of the names of the tests to run, and `--test_arg` gives the harness its flags
(`--nocapture`, `--test-threads=1`).
""",
    attrs = CRATE_ATTRS | {
        "data": attr.label_list(
            doc = "Files and programs that the tests use.",
            allow_files = True,
        ),
        "env": attr.string_dict(
            doc = "Environment of the tests; `$(rootpath LABEL)` is expanded for labels of `data`.",
        ),
        "_runner": attr.label(
            default = "//tools/rust:test_runner",
            executable = True,
            cfg = "target",
        ),
    },
    test = True,
    provides = [RustCrateInfo],
    toolchains = [RUST_TOOLCHAIN_TYPE],
)
