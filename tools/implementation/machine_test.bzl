"""An analysis test for every language's rules: what of the machine is in the keys of actions and tests.

What is not among an action's inputs is not in its key, and a cache serves what another machine's tool has made.
"""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _lacking(files, suffixes):
    # The folder of a repository is `_main~go~go`, of which the extension is the middle.
    paths = ["/" + file.path.replace("~", "/") for file in files]
    return [suffix for suffix in suffixes if not [path for path in paths if path.endswith("/" + suffix)]]

def _machine_test_impl(ctx):
    env = analysistest.begin(ctx)
    actions = analysistest.target_actions(env)
    for mnemonic, suffixes in ctx.attr.inputs.items():
        found = [action for action in actions if action.mnemonic == mnemonic]
        asserts.true(env, found, "no action %s" % mnemonic)
        for action in found:
            asserts.equals(env, [], _lacking(action.inputs.to_list(), suffixes), "inputs that %s lacks" % mnemonic)
    for mnemonic, words in ctx.attr.arguments.items():
        for action in [action for action in actions if action.mnemonic == mnemonic]:
            lacking = [word for word in words if word not in action.argv]
            asserts.equals(env, [], lacking, "arguments that %s lacks" % mnemonic)
    runfiles = analysistest.target_under_test(env)[DefaultInfo].default_runfiles.files.to_list()
    asserts.equals(env, [], _lacking(runfiles, ctx.attr.runfiles), "runfiles that a test with the program lacks")
    return analysistest.end(env)

machine_test = analysistest.make(
    _machine_test_impl,
    doc = "Holds that a program is built anew, and what runs it is run anew, on a machine with another toolchain.",
    attrs = {
        "arguments": attr.string_list_dict(
            doc = "For each mnemonic, words of its command line: of headers, analysis does not know that they are inputs.",
        ),
        "inputs": attr.string_list_dict(
            doc = "For each mnemonic, the ends of paths of the inputs that stand for the toolchain.",
        ),
        "runfiles": attr.string_list(
            doc = "Ends of paths of the runfiles that stand for what the program runs with.",
        ),
    },
)
