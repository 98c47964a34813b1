"""Analysis tests of the proto rules."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//tools/proto:defs.bzl", "PROTO_TOOLCHAIN_TYPE", "ProtoPluginInfo", "generate_sources")

def _generated_impl(ctx):
    files = generate_sources(ctx, ctx.attr.proto[ProtoInfo], ctx.attr.plugins, ctx.label.name)
    return [DefaultInfo(files = depset(files))]

generated = rule(
    implementation = _generated_impl,
    doc = "The smallest rule over generate_sources.",
    attrs = {
        "plugins": attr.label_list(doc = "Generators.", providers = [ProtoPluginInfo]),
        "proto": attr.label(doc = "The proto_library.", providers = [ProtoInfo]),
    },
    toolchains = [PROTO_TOOLCHAIN_TYPE],
)

def _action_test_impl(ctx):
    env = analysistest.begin(ctx)
    actions = analysistest.target_actions(env)
    asserts.equals(env, ["ProtoGenerate"] * 3, [action.mnemonic for action in actions])
    inside, plugin, archive = [action.argv for action in actions]
    bin_dir = analysistest.target_bin_dir_path(env)
    asserts.true(env, inside[0].endswith("/site/bin/protoc"), "not the one protoc: " + inside[0])
    asserts.true(env, inside[1].startswith("--descriptor_set_in="), "sources are read, not descriptors")
    asserts.equals(env, [
        "--python_out=%s/tools/proto/tests/code" % bin_dir,
        "tools/proto/tests/greeter.proto",
    ], inside[2:])
    asserts.true(env, plugin[2].startswith("--plugin=protoc-gen-go=bazel-out/"), "no plugin: " + plugin[2])
    asserts.equals(env, [
        "--go_out=%s/tools/proto/tests/code" % bin_dir,
        "--go_opt=paths=source_relative",
        "tools/proto/tests/greeter.proto",
    ], plugin[3:])
    asserts.equals(env, [
        "--java_out=%s/tools/proto/tests/code/java.srcjar" % bin_dir,
        "tools/proto/tests/greeter.proto",
    ], archive[2:])
    asserts.equals(env, [
        "tools/proto/tests/code/tools/proto/tests/greeter_pb2.py",
        "tools/proto/tests/code/greeter/greeter.pb.go",
        "tools/proto/tests/code/java.srcjar",
    ], [file.short_path for action in actions for file in action.outputs.to_list()])
    return analysistest.end(env)

action_test = analysistest.make(_action_test_impl)

def _refusal_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, 'given "greeter.pb.go", expected a pattern with {path}, {name} or {Name}')
    return analysistest.end(env)

refusal_test = analysistest.make(_refusal_test_impl, expect_failure = True)

def _no_output_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, 'given archive = "" and outputs = [], expected one of them')
    return analysistest.end(env)

no_output_test = analysistest.make(_no_output_test_impl, expect_failure = True)

def _compiler_impl(ctx):
    return [DefaultInfo(files = depset([ctx.executable._compiler]))]

native_compiler = rule(
    implementation = _compiler_impl,
    doc = "What native rules would run as protoc if they did not ask the toolchain.",
    attrs = {
        "_compiler": attr.label(
            default = configuration_field("proto", "proto_compiler"),
            executable = True,
            cfg = "exec",
        ),
    },
    fragments = ["proto"],
)

def _tripwire_test_impl(ctx):
    env = analysistest.begin(ctx)
    files = analysistest.target_under_test(env)[DefaultInfo].files.to_list()
    asserts.equals(env, ["tools/proto/protoc_tripwire"], [file.short_path for file in files])
    return analysistest.end(env)

tripwire_test = analysistest.make(_tripwire_test_impl)
