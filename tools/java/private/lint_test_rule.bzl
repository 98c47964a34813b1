"""java_lint_test: Error Prone over Java sources."""

load("//tools/implementation:lint.bzl", "findings_test")
load(":actions.bzl", "compile_args", "run_builder")
load(":java_info.bzl", "JavaSourcesInfo")
load(":java_toolchain.bzl", "JAVA_TOOLCHAIN_TYPE", "jvm_attrs", "jvm_toolchain")

def _lint(ctx, target):
    toolchain = jvm_toolchain(ctx)
    sources = target[JavaSourcesInfo]
    report = ctx.actions.declare_file("%s.findings/%s" % (ctx.label.name, target.label.name))
    args = compile_args(
        ctx,
        "lint",
        report,
        sources.srcs,
        sources.classpath,
        # Error Prone sees a class when its whole file is attributed.
        ["-XDignore.symbol.file", "-XDcompilePolicy=simple", "--should-stop=ifError=FLOW", "-Xplugin:ErrorProne " + " ".join(ctx.attr.checks)],
    )
    args.add_all(ctx.files._error_prone, before_each = "--processor")
    run_builder(
        ctx,
        toolchain.sdk,
        toolchain.builder,
        args,
        depset(sources.srcs + ctx.files._error_prone, transitive = [sources.classpath]),
        [report],
        "JavaLint",
    )
    return report

def _java_lint_test_impl(ctx):
    return findings_test(ctx, [_lint(ctx, target) for target in ctx.attr.targets])

java_lint_test = rule(
    implementation = _java_lint_test_impl,
    doc = """Fails where Error Prone warns of anything in some targets.

The linter itself runs in actions, so that the test waits for what has changed only.
""",
    attrs = jvm_attrs(JAVA_TOOLCHAIN_TYPE) | {
        "checks": attr.string_list(
            doc = "Flags of Error Prone: `-Xep:CHECK:OFF`.",
        ),
        "targets": attr.label_list(
            doc = "The libraries and tests.",
            allow_empty = False,
            mandatory = True,
            providers = [JavaSourcesInfo],
        ),
        "_error_prone": attr.label(default = "@java_tools//:error_prone"),
    },
    test = True,
    toolchains = [JAVA_TOOLCHAIN_TYPE],
)
