"""Analysis tests of the C# rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _compile_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "CSharpLibrary"]

    # The compiler alone, without the build system, and nothing of MSBuild's among its inputs.
    asserts.equals(env, ["exec", "-noconfig"], [word for word in action.argv[1:4] if not word.endswith("csc.dll")])
    sources = [file.basename for file in action.inputs.to_list() if file.extension == "cs"]
    asserts.equals(env, ["Greeting.cs"], sources)
    asserts.true(env, "stock_grpc.dll" in [file.basename for file in action.inputs.to_list()], "no generated library")
    return analysistest.end(env)

compile_test = analysistest.make(_compile_test_impl)

def _generated_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "CSharpLibrary"]
    asserts.equals(
        env,
        ["Kv.cs", "KvGrpc.cs", "Session.cs", "SessionGrpc.cs", "Stock.cs", "StockGrpc.cs"],
        sorted([file.basename for file in action.inputs.to_list() if file.extension == "cs"]),
    )
    return analysistest.end(env)

generated_test = analysistest.make(_generated_test_impl)

def _program_files_test_impl(ctx):
    env = analysistest.begin(ctx)
    runfiles = analysistest.target_under_test(env)[DefaultInfo].default_runfiles.files.to_list()
    beside = [file.basename for file in runfiles if file.dirname.endswith("/program.app")]
    for expected in ["program.dll", "program.runtimeconfig.json", "greeting.dll", "stock_grpc.dll", "Google.Protobuf.dll"]:
        asserts.true(env, expected in beside, "no %s in %s" % (expected, beside))
    asserts.true(env, "dotnet" in [file.basename for file in runfiles], "no runtime")
    return analysistest.end(env)

program_files_test = analysistest.make(_program_files_test_impl)
