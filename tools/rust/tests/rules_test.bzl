"""Analysis tests of the Rust rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _no_root_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, "not given, expected one of srcs: greeting.rs, program.rs")
    return analysistest.end(env)

no_root_test = analysistest.make(_no_root_test_impl, expect_failure = True)

def _foreign_root_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, "given empty.rs, expected one of srcs")
    return analysistest.end(env)

foreign_root_test = analysistest.make(_foreign_root_test_impl, expect_failure = True)

def _layer_use_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "RustProgram"]
    layers = [file.path for file in action.inputs.to_list() if "rust_deps" in file.path]

    # One layer, the one that the generator was built with: an exec configuration's.
    asserts.equals(env, 1, len(layers))
    asserts.true(env, "-exec" in layers[0], "no layer of an exec configuration: %s" % layers)
    return analysistest.end(env)

layer_use_test = analysistest.make(_layer_use_test_impl)

def _layer_inputs_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "RustCrates"]

    # Nothing of ours, which would compile all third-party code anew. The sysroot's libraries are the toolchain's.
    asserts.equals(
        env,
        ["Cargo.lock", "Cargo.toml", "builder", "cargo", "cc", "rustc", "vendor.tar", "version"],
        sorted([
            file.basename
            for file in action.inputs.to_list()
            if not file.basename.endswith("-runfiles") and "~rust/lib/" not in file.path
        ]),
    )
    return analysistest.end(env)

layer_inputs_test = analysistest.make(_layer_inputs_test_impl)
