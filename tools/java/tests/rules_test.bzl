"""Analysis tests of the Java rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _layer_inputs_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "JavaLayer"]
    inputs = [file for file in action.inputs.to_list() if not file.basename.endswith((".jar", ".params"))]

    # Nothing of ours, which would merge all third-party code anew.
    asserts.equals(env, ["builder", "java", "javac", "version"], sorted([file.basename for file in inputs]))
    return analysistest.end(env)

layer_inputs_test = analysistest.make(_layer_inputs_test_impl)

def _program_inputs_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "JavaProgram"]
    jars = [file for file in action.inputs.to_list() if file.extension == "jar"]
    asserts.equals(
        env,
        ["layer.jar", "libgreeting.jar", "libhello_main.jar", "libstock_grpc.jar"],
        sorted([file.basename for file in jars]),
    )

    # One layer, an exec configuration's: else it would be merged twice.
    asserts.true(env, [file for file in jars if file.basename == "layer.jar" and "-exec" in file.path])
    return analysistest.end(env)

program_inputs_test = analysistest.make(_program_inputs_test_impl)
