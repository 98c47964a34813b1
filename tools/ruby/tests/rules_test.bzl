"""Analysis tests of the Ruby rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//tools/ruby/private:ruby_info.bzl", "RubyInfo")

def _layer_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "RubyLayer"]
    own = [file.path for file in action.inputs.to_list() if "/root/" not in file.path and file.extension == "rb"]
    asserts.equals(env, ["tools/ruby/private/layer.rb"], own)
    return analysistest.end(env)

layer_test = analysistest.make(
    _layer_test_impl,
    doc = "The dependency layer is made of third-party code alone.",
)

def _layer_folder_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, "given, expected under one of: usr/")
    return analysistest.end(env)

layer_folder_test = analysistest.make(
    _layer_folder_test_impl,
    doc = "A file without a place in the layer is an error that names it.",
    expect_failure = True,
)

def _generate_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "RubyGenerate"]
    asserts.equals(env, ["LD_LIBRARY_PATH"], action.env.keys())
    load_paths = analysistest.target_under_test(env)[RubyInfo].load_paths.to_list()
    asserts.equals(env, ["_main/tools/ruby/tests/stock_grpc"], load_paths)
    return analysistest.end(env)

generate_test = analysistest.make(
    _generate_test_impl,
    doc = "Generated code is a load path of its own, made with nothing of the machine's environment.",
)

def _launcher_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    runfiles = [file.short_path for file in target[DefaultInfo].default_runfiles.files.to_list()]
    for path in ("program.rb", "lib/greeting.rb", "stock_grpc", "data.txt", "program"):
        asserts.true(env, "tools/ruby/tests/" + path in runfiles, path + " is no runfile")
    asserts.true(env, "tools/ruby/runtime" in runfiles, "the runtime is no runfile")
    return analysistest.end(env)

launcher_test = analysistest.make(
    _launcher_test_impl,
    doc = "A program has all it needs in its runfiles, the interpreter too.",
)
