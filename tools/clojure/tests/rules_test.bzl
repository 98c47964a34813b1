"""Analysis tests of the Clojure rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _program_inputs_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "ClojureProgram"]
    jars = [file for file in action.inputs.to_list() if file.extension == "jar"]
    asserts.equals(
        env,
        ["layer.jar", "libgreeting.jar", "libhello_main.jar", "libstock_grpc.jar"],
        sorted([file.basename for file in jars]),
    )

    # Nothing of Java's layer: an edit of its lock makes no Clojure program anew.
    asserts.equals(env, [], [file.path for file in jars if "java_deps" in file.path])
    return analysistest.end(env)

program_inputs_test = analysistest.make(_program_inputs_test_impl)
