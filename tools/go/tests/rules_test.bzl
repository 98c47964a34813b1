"""Analysis tests of the Go rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

_FOLDER = "tools/go/tests/"

def _action(env, mnemonic):
    found = [action for action in analysistest.target_actions(env) if action.mnemonic == mnemonic]
    asserts.equals(env, 1, len(found), "actions %s" % mnemonic)
    return found[0]

def _own(action):
    """Returns the inputs that are of the package of these tests."""
    return sorted([
        file.short_path.removeprefix(_FOLDER)
        for file in action.inputs.to_list()
        if file.short_path.startswith(_FOLDER)
    ])

def _assert_no_absolute_path(env, action):
    for argument in action.argv:
        asserts.false(env, argument.startswith("/"), "an absolute path: " + argument)

def _compile_test_impl(ctx):
    env = analysistest.begin(ctx)
    action = _action(env, "GoCompile")

    # Not stock_grpc, which it cannot import: an edit there that changes nothing of greeting compiles nothing here.
    asserts.equals(env, ["faults/caller/caller.go", "greeting.a"], _own(action))
    asserts.equals(env, ["user.a"], [file.basename for file in action.outputs.to_list()])
    _assert_no_absolute_path(env, action)
    return analysistest.end(env)

compile_test = analysistest.make(_compile_test_impl)

def _link_test_impl(ctx):
    env = analysistest.begin(ctx)
    action = _action(env, "GoLink")
    archives = ["stock_grpc/%s.a" % name for name in ("kvpb", "sessionpb", "stockpb")]
    asserts.equals(env, ["greeting.a", "hello/main.go"] + archives, _own(action))
    definition = "main.data=_main/tools/go/tests/hello/data.txt"
    asserts.true(env, definition in action.argv, "no %s in %s" % (definition, action.argv))
    _assert_no_absolute_path(env, action)
    return analysistest.end(env)

link_test = analysistest.make(_link_test_impl)

def _modules(env):
    action = _action(env, "GoModules")

    # Nothing of ours but the program that makes it: an edit of our code leaves third-party code alone.
    asserts.equals(
        env,
        ["tools/go/layer_builder"],
        [file.short_path for file in action.inputs.to_list() if not file.short_path.startswith(("../", "_middlemen/"))],
    )
    _assert_no_absolute_path(env, action)
    return action

def _layer_test_impl(ctx):
    env = analysistest.begin(ctx)
    _modules(env)
    return analysistest.end(env)

layer_test = analysistest.make(_layer_test_impl)

def _programs_test_impl(ctx):
    env = analysistest.begin(ctx)
    action = _modules(env)

    # Programs alone, of their own modules: nothing of what the workspace's own code imports.
    programs = ["ghz", "grpc-health-probe", "grpcurl"]
    asserts.equals(env, programs, sorted([file.basename for file in action.outputs.to_list() if not file.extension and not file.is_directory]))
    others = [file.path for file in action.inputs.to_list() if "go_deps" in file.path]
    asserts.equals(env, [], others)
    return analysistest.end(env)

programs_test = analysistest.make(_programs_test_impl)

def _lint_test_impl(ctx):
    env = analysistest.begin(ctx)
    action = _action(env, "GoVet")
    asserts.equals(env, ["faults/caller/caller.go", "faults/faulty/faulty.go", "faulty.a", "faulty_caller.a"], _own(action))
    sources = [file for file in action.inputs.to_list() if "/vendor/" in file.path]
    asserts.equals(env, [], sources, "vet does not read third-party sources")
    return analysistest.end(env)

lint_test = analysistest.make(_lint_test_impl)

def _refusal(*parts):
    def _impl(ctx):
        env = analysistest.begin(ctx)
        for part in parts:
            asserts.expect_failure(env, part)
        return analysistest.end(env)

    return _impl

_one_importpath_test_impl = _refusal(
    "deps of @@//tools/go/tests:twice: given",
    "//tools/go/tests:greeting_again and",
    "//tools/go/tests:greeting, which are both of the import path tofusoup.dev/stock/tools/go/tests/greeting",
)

one_importpath_test = analysistest.make(_one_importpath_test_impl, expect_failure = True)

_two_importpaths_test_impl = _refusal("deps of @@//tools/go/tests:twice_in_a_test: given")

two_importpaths_test = analysistest.make(_two_importpaths_test_impl, expect_failure = True)
