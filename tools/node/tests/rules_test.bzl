"""Analysis tests of the Node.js rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _foreign_entry_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, "given tools/node/tests/empty.ts, expected a source of a library in deps")
    return analysistest.end(env)

foreign_entry_test = analysistest.make(_foreign_entry_test_impl, expect_failure = True)

def _bundle_inputs_test_impl(ctx):
    env = analysistest.begin(ctx)
    [action] = [action for action in analysistest.target_actions(env) if action.mnemonic == "NodeBundle"]
    inputs = [file.short_path for file in action.inputs.to_list()]
    own = [path.removeprefix("tools/node/tests/") for path in inputs if path.startswith("tools/node/tests/")]
    asserts.true(env, "program.ts" in own and "stock_grpc/proto/stock.ts" in own, "sources: %s" % own)

    # What checks types is not waited for, and what tests and generators need is no part of a program.
    for package in ["typescript", "ts-proto", "@biomejs"]:
        found = [path for path in inputs if "/node_modules/%s/" % package in path]
        asserts.equals(env, [], found)
    return analysistest.end(env)

bundle_inputs_test = analysistest.make(_bundle_inputs_test_impl)
