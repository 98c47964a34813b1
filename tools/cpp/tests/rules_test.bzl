"""Analysis tests of the C++ rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _generate_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "CppGenerate"]

    # Debian's protoc, whose code fits Debian's runtime, over the descriptors of the workspace's own.
    asserts.true(env, "cpp_deps" in action.argv[0], "not Debian's protoc: " + action.argv[0])
    asserts.equals(
        env,
        ["kv.grpc.pb.cc", "kv.grpc.pb.h", "kv.pb.cc", "kv.pb.h"],
        sorted([file.basename for file in action.outputs.to_list() if file.basename.startswith("kv.")]),
    )
    descriptors = [file.basename for file in action.inputs.to_list() if file.extension == "bin"]
    asserts.equals(env, ["stock_proto-descriptor-set.proto.bin"], descriptors)
    return analysistest.end(env)

generate_test = analysistest.make(_generate_test_impl)

def _tidy_inputs_test_impl(ctx):
    env = analysistest.begin(ctx)
    findings = analysistest.target_under_test(env)[DefaultInfo].default_runfiles.files.to_list()
    asserts.equals(env, ["faulty.cc"], [file.basename for file in findings if "faulty" in file.dirname])
    return analysistest.end(env)

tidy_inputs_test = analysistest.make(_tidy_inputs_test_impl)
