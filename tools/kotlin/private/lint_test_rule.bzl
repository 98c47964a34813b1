"""kotlin_lint_test: detekt over Kotlin sources."""

load("//tools/implementation:lint.bzl", "findings_test")
load("//tools/java:jvm.bzl", "JavaSourcesInfo")

_SCRIPT = """\
if "$1" --config "$2" --build-upon-default-config --input "$3" >"$4.said" 2>&1; then
    : >"$4"
elif [ -s "$4.said" ]; then
    sed "s|$PWD/||g" "$4.said" >"$4"
else
    echo "detekt failed and says nothing" >&2
    exit 1
fi
"""

def _lint(ctx, target):
    srcs = target[JavaSourcesInfo].srcs
    report = ctx.actions.declare_file("%s.findings/%s" % (ctx.label.name, target.label.name))
    args = ctx.actions.args()
    args.add(ctx.executable._detekt)
    args.add(ctx.file._config)
    args.add_joined(srcs, join_with = ",")
    args.add(report)
    ctx.actions.run_shell(
        command = _SCRIPT,
        arguments = [args],
        inputs = srcs + [ctx.file._config],
        tools = [ctx.attr._detekt[DefaultInfo].files_to_run],
        outputs = [report],
        mnemonic = "KotlinLint",
        progress_message = "KotlinLint %{label}",
    )
    return report

def _kotlin_lint_test_impl(ctx):
    return findings_test(ctx, [_lint(ctx, target) for target in ctx.attr.targets])

kotlin_lint_test = rule(
    implementation = _kotlin_lint_test_impl,
    doc = """Fails where detekt finds anything in some targets.

The linter itself runs in actions, so that the test waits for what has changed only.
""",
    attrs = {
        "targets": attr.label_list(
            doc = "The libraries and tests.",
            allow_empty = False,
            mandatory = True,
            providers = [JavaSourcesInfo],
        ),
        "_config": attr.label(
            default = "//tools/kotlin:detekt.yml",
            allow_single_file = True,
        ),
        "_detekt": attr.label(
            default = "@kotlin_tools//:detekt",
            cfg = "exec",
            executable = True,
        ),
    },
    test = True,
)
