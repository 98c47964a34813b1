"""go_lint_test: a linter over Go packages."""

load(":actions.bzl", "lint_packages")
load(":go_info.bzl", "GoSourcesInfo", "GoTestInfo")
load(":go_toolchain.bzl", "GO_SDK", "GO_TOOLCHAIN_TYPE")

_PROGRAM = """\
#!/bin/sh
if [ -s "{report}" ]; then
    cat "{report}"
    exit 1
fi
"""

def _package_of_test(test):
    return struct(
        archive = test.archive,
        importpath = test.importpath,
        srcs = test.library_srcs + test.test_srcs,
    )

def _go_lint_test_impl(ctx):
    tests = [target[GoTestInfo] for target in ctx.attr.targets if GoTestInfo in target]
    tested = {test.importpath: None for test in tests}
    sources = [target[GoSourcesInfo] for target in ctx.attr.targets if GoSourcesInfo in target]
    untested = [package for package in sources if package.importpath not in tested]
    report = ctx.actions.declare_file(ctx.label.name + ".report")
    lint_packages(
        ctx,
        packages = [_package_of_test(test) for test in tests] + untested,
        deps = [dep for package in tests + untested for dep in package.deps],
        staticcheck = ctx.executable._staticcheck if ctx.attr.linter == "staticcheck" else None,
        report = report,
    )
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(program, _PROGRAM.format(report = report.short_path), is_executable = True)
    return [DefaultInfo(executable = program, runfiles = ctx.runfiles(files = [program, report]))]

go_lint_test = rule(
    implementation = _go_lint_test_impl,
    doc = """What a linter finds in Go packages is a failure.

The linter itself runs in an action, so that the test waits for what has changed only.
""",
    attrs = {
        "linter": attr.string(
            doc = "`vet`, which comes with Go, or `staticcheck` with what it checks by default.",
            mandatory = True,
            values = [
                "staticcheck",
                "vet",
            ],
        ),
        "targets": attr.label_list(
            doc = "The packages, programs and tests. Of a package that a test is for, the test is enough.",
            allow_empty = False,
            mandatory = True,
            providers = [[GoSourcesInfo], [GoTestInfo]],
        ),
        "_sdk": GO_SDK,
        "_staticcheck": attr.label(
            default = "@go_deps//:staticcheck",
            cfg = "exec",
            executable = True,
            allow_single_file = True,
        ),
    },
    test = True,
    toolchains = [GO_TOOLCHAIN_TYPE],
)
