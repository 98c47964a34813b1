"""rust_clippy_test: the linter, with its warnings as errors."""

load("//tools/implementation:lint.bzl", "findings_test")
load(":actions.bzl", "lint_crate")
load(":rust_info.bzl", "RustCrateInfo")
load(":rust_toolchain.bzl", "RUST_TOOLCHAIN_TYPE")

def _rust_clippy_test_impl(ctx):
    findings = []
    for target in ctx.attr.crates:
        crate = target[RustCrateInfo]
        out = ctx.actions.declare_file("%s.findings/%s" % (ctx.label.name, target.label.name))
        lint_crate(ctx, crate, ctx.file._clippy, ctx.attr.lints, out)
        findings.append(out)
    return findings_test(ctx, findings)

rust_clippy_test = rule(
    implementation = _rust_clippy_test_impl,
    doc = "Fails where clippy, or rustc, warns of anything in some crates. Skipped without clippy.",
    attrs = {
        "crates": attr.label_list(
            doc = "Targets of the Rust rules.",
            mandatory = True,
            allow_empty = False,
            providers = [RustCrateInfo],
        ),
        "lints": attr.string_list(
            doc = "Flags that choose lints, besides those that the sources choose.",
            default = ["-Dwarnings"],
        ),
        "_clippy": attr.label(
            default = "@rust//:clippy-driver",
            allow_single_file = True,
        ),
    },
    test = True,
    toolchains = [RUST_TOOLCHAIN_TYPE],
)
