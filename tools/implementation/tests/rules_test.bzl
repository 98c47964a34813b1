"""Analysis tests of the implementation rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts", "unittest")
load("//tools/implementation:defs.bzl", "StockImplementationInfo")

# buildifier: disable=bzl-visibility
load("//tools/implementation/private:missing_toolchain.bzl", "constraint_name")

_FOLDER = "_main/tools/implementation/tests/"

def _program_impl(ctx):
    executable = ctx.actions.declare_file(ctx.label.name)
    data = ctx.actions.declare_file(ctx.label.name + ".data")
    ctx.actions.write(data, "")
    ctx.actions.write(executable, "", is_executable = True)
    return [DefaultInfo(executable = executable, runfiles = ctx.runfiles([executable, data]))]

program = rule(
    implementation = _program_impl,
    doc = "A program that needs a file.",
    executable = True,
)

def _manifest_test_impl(ctx):
    env = analysistest.begin(ctx)
    (action,) = analysistest.target_actions(env)
    asserts.equals(env, [
        {
            "client": _FOLDER + "client",
            "known_failing": _FOLDER + "known_failing.toml",
            "language": "here",
            "missing": "",
            "server": _FOLDER + "server",
        },
        {
            "client": "",
            "known_failing": "",
            "language": "gone",
            "missing": "no compiler: install one",
            "server": "",
        },
    ], json.decode(action.content)["implementations"])
    return analysistest.end(env)

manifest_test = analysistest.make(_manifest_test_impl)

def _runfiles_test_impl(ctx):
    env = analysistest.begin(ctx)
    runfiles = analysistest.target_under_test(env)[DefaultInfo].default_runfiles
    asserts.equals(
        env,
        ["client", "client.data", "known_failing.toml", "manifest.json", "server", "server.data"],
        sorted([file.basename for file in runfiles.files.to_list()]),
    )
    return analysistest.end(env)

runfiles_test = analysistest.make(_runfiles_test_impl)

def _missing_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    implementation = target[StockImplementationInfo]
    asserts.equals(env, "no compiler: install one", implementation.missing)
    asserts.equals(env, (None, None, None), (
        implementation.client,
        implementation.known_failing,
        implementation.server,
    ))
    asserts.equals(env, [], target[DefaultInfo].default_runfiles.files.to_list())
    return analysistest.end(env)

missing_test = analysistest.make(_missing_test_impl)

def _refusal_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, 'given "here" twice, expected each language once')
    return analysistest.end(env)

refusal_test = analysistest.make(_refusal_test_impl, expect_failure = True)

def _constraint_name_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(
        env,
        "no_Go_1.26_(_usr_bin_go_is_Go_1.19)_unpack_it",
        constraint_name("no Go 1.26 (/usr/bin/go is Go 1.19): unpack it"),
    )
    return unittest.end(env)

constraint_name_test = unittest.make(_constraint_name_test_impl)
