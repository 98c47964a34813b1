"""Analysis tests of the implementation rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts", "unittest")
load("//tools/implementation:defs.bzl", "StockImplementationInfo")
load("//tools/implementation:requirements.bzl", "hidden", "lacking", "library", "requirement", "requires", "wanted")

# buildifier: disable=bzl-visibility
load("//tools/implementation/private:missing_toolchain.bzl", "constraint_name")

_FOLDER = "_main/tools/implementation/tests/"

_COMPILER = requirement(
    name = "compiler",
    at_least = (1, 26),
    install = "install one",
    purpose = "compiles",
)

_TOOL = requirement(
    name = "tool",
    debian = "Debian's is too old",
    install = "apt-get install tool",
    purpose = "looks",
    without = "nobody looks",
)

REQUIRES = requires(
    fetched_by = "fetcher",
    grpc = library("grpc-x", "1.2"),
    locks = ["x/lock"],
    machine = [_COMPILER, _TOOL],
    protobuf = library("protobuf-x", "3.4"),
    tls_stack = library("openssl", note = "the machine's"),
    transport = library("grpc-x"),
)

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
            "requires": json.decode(REQUIRES),
            "server": _FOLDER + "server",
        },
        {
            "client": "",
            "known_failing": "",
            "language": "gone",
            "missing": "no compiler: install one",
            "requires": json.decode(REQUIRES),
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

def _requirements_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, ["compiler 1.26 or newer", "tool"], [wanted(_COMPILER), wanted(_TOOL)])
    asserts.equals(env, "no compiler 1.26 or newer (none on PATH): install one", lacking(_COMPILER, "none on PATH"))
    asserts.equals(env, "no tool: STOCK_HIDE_TOOLCHAINS hides it", hidden(_TOOL))
    decoded = json.decode(REQUIRES)
    asserts.equals(env, {
        "debian": "Debian's is too old",
        "install": "apt-get install tool",
        "purpose": "looks",
        "wanted": "tool",
        "without": "nobody looks",
    }, decoded["machine"][1])
    asserts.equals(env, {"name": "openssl", "note": "the machine's", "version": ""}, decoded["libraries"]["tls_stack"])
    asserts.equals(env, (["x/lock"], "fetcher"), (decoded["locks"], decoded["fetched_by"]))
    return unittest.end(env)

requirements_test = unittest.make(_requirements_test_impl)
